using TorchSharp;

namespace MedTransfer.Data;

/// <summary>One split of a dataset: images in native memory and their labels.</summary>
/// <param name="Images">uint8 tensor (N, C, H, W) on the CPU, values 0 to 255.</param>
/// <param name="Labels">Of all images, in their order.</param>
/// <param name="Groups">One identifier an image (a patient) where the file has them, else null.</param>
public sealed record Split(torch.Tensor Images, Labels Labels, long[]? Groups) : IDisposable
{
    /// <summary>Number of images.</summary>
    public int Count => checked((int)Images.shape[0]);

    /// <summary>Each image's index in its split of the file, where this is a part of it; null where the split is whole.</summary>
    public IReadOnlyList<int>? FileIndices { get; init; }

    /// <summary>A copy of the images at these places, in this order, with their labels and groups; the caller disposes of it.</summary>
    public Split Subset(IReadOnlyList<int> indices)
    {
        using var places = torch.tensor(indices.Select(index => (long)index).ToArray());
        var images = Images.index_select(0, places).DetachFromDisposeScope();
        return new(images, Labels.Rows(indices), Groups is null ? null : [.. indices.Select(index => Groups[index])])
        {
            FileIndices = [.. indices.Select(index => FileIndices?[index] ?? index)],
        };
    }

    /// <summary>One image as a PNG, grey or RGB.</summary>
    public byte[] Png(int index)
    {
        using var image = Images.select(0, index);
        using var rows = image.permute(1, 2, 0).contiguous();
        return Formats.Png.Encode(rows.data<byte>().ToArray(), (int)rows.shape[1], (int)rows.shape[0], (int)rows.shape[2]);
    }

    /// <summary>The same images, without a copy, under another owner: either may be disposed of without harm to the other.</summary>
    internal Split Share() => this with { Images = Images.alias().DetachFromDisposeScope() };

    /// <inheritdoc/>
    public void Dispose() => Images.Dispose();
}

/// <summary>The three disjoint parts of a dataset.</summary>
public enum SplitName
{
    /// <summary>Images the model is trained on.</summary>
    Train,

    /// <summary>Images on which choices are made.</summary>
    Validation,

    /// <summary>Images that are read once, after every choice.</summary>
    Test,
}

/// <summary>Names of splits in words.</summary>
public static class SplitNames
{
    /// <summary><c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    public static string Text(this SplitName split) => split switch
    {
        SplitName.Train => "train",
        SplitName.Validation => "validation",
        _ => "test",
    };
}
