using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Images;
using TorchSharp;

namespace MedTransfer.Data.Reading;

/// <summary>Reads a whole dataset from its archive: the small arrays first, so that what is wrong shows before the images are unpacked.</summary>
internal static class DatasetReader
{
    /// <param name="uncertain">What a label of -1 is read as; null where it is refused.</param>
    /// <param name="shared">Where other processes find the images too; null to have them alone.</param>
    public static Dataset Read(DatasetSource source, byte? uncertain, SharedImages? shared)
    {
        using var file = NpzFile.Open(source.Path);
        var layout = ImageLayout.Of(file);
        var entry = source.Entry?.Info;
        if (entry is not null && (layout.Channels, layout.Size) != (entry.Channels, entry.ImageSize))
        {
            throw new MedTransferException($"{source.Path}: {layout.Channels} channels of {layout.Size} pixels a side, "
                + $"{source.Name} has {entry.Channels} of {entry.ImageSize}; give other data another name");
        }

        var labels = DatasetLabels.Read(file, layout, entry, uncertain);
        var groups = Array.ConvertAll(SplitNames.All, split => ReadGroups(file, split, layout[split]));
        var info = entry ?? new DatasetInfo(source.Name, labels.Task, layout.Channels, layout.Size, labels.Names);
        var card = entry is null ? DatasetCard.TryRead(source.Path) : null;
        info = card?.Applied(info, source.Path) ?? info;

        var packed = new PackedImages(source.Name, source.Md5, layout.Counts, layout.Channels, layout.Size)
        {
            InMemory = () => InMemory(file, layout),
            Streamed = use => Array.ForEach(SplitNames.All, split => layout.Stream(file, split, use)),
        };
        var images = packed.Sources(shared);
        var splits = Array.ConvertAll(SplitNames.All, split => new Split(images[(int)split], labels.Values[(int)split], groups[(int)split]));
        return new(info, source.Md5, splits[0], splits[1], splits[2]) { Notes = [.. labels.Notes, .. card?.Sentences ?? []], Card = card };
    }

    private static List<torch.Tensor> InMemory(NpzFile file, ImageLayout layout)
    {
        layout.RequireMemory(file);
        var images = new List<torch.Tensor>();
        try
        {
            foreach (var split in SplitNames.All) images.Add(layout.Read(file, split));
            return images;
        }
        catch
        {
            images.ForEach(tensor => tensor.Dispose());
            throw;
        }
    }

    private static long[]? ReadGroups(NpzFile file, SplitName split, int count)
    {
        var key = ArrayKeys.Patients(split);
        if (!file.Contains(key)) return null;
        var header = file.Header(key);
        return header.Count == count && header.Shape is [_] or [_, 1]
            ? file.ReadInt64(key)
            : throw new MedTransferException($"{file.Where(key)}: shape {header.ShapeText} for {count} images; give one whole number an image");
    }
}
