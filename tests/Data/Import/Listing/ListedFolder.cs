using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Listing;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Listing;

/// <summary>A folder of files that are images by their names alone.</summary>
internal sealed class ListedFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ListedFolder(params string[] files) => Put(files);

    public string Path => folder.Path;

    public string this[string name] => folder[name];

    public void Put(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(folder[file])!);
            File.WriteAllText(folder[file], "a");
        }
    }

    /// <summary>A table of these rows in the folder.</summary>
    public void Table(params string[] rows) => File.WriteAllLines(folder["labels.csv"], rows);

    public ImageListing List(ListingOptions? options = null) => FolderListing.Of(Path, options ?? new());

    /// <summary>The one line that it is refused with, after the path of the folder or of its table.</summary>
    public string Refusal(ListingOptions? options = null)
    {
        var message = Assert.Throws<MedTransferException>(() => List(options)).Message;
        Assert.DoesNotContain('\n', message);
        foreach (var start in new[] { folder["labels.csv"] + ": ", Path + ": " })
        {
            if (message.StartsWith(start, StringComparison.Ordinal)) return message[start.Length..];
        }
        return message;
    }

    public void Dispose() => folder.Dispose();
}

/// <summary>Listings as texts, to compare.</summary>
internal static class ListingText
{
    /// <summary><c>a/1.png=0</c>, labels with commas between, <c>@patient</c> and <c>#split</c> where there are.</summary>
    public static string[] Texts(this ImageListing listing) =>
    [
        .. listing.Images.Select(image => image.Name
            + (image.Labels.Count == 0 ? "" : FormattableString.Invariant($"={string.Join(',', image.Labels)}"))
            + (image.Patient is null ? "" : $"@{image.Patient}")
            + (image.Split is null ? "" : $"#{image.Split}")),
    ];

    /// <summary><c>name: reason</c>.</summary>
    public static string[] LeftOutTexts(this ImageListing listing) => [.. listing.LeftOut.Select(file => $"{file.Name}: {file.Reason}")];
}
