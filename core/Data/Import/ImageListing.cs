namespace MedTransfer.Data.Import;

/// <summary>The images of a folder and what is known of each, before any is opened.</summary>
/// <param name="Images">In an order that depends on their names alone.</param>
/// <param name="Task">What the labels ask for; null where there are none.</param>
/// <param name="LabelNames">Names of the classes, in the order of their numbers, or of the findings.</param>
public sealed record ImageListing(IReadOnlyList<ListedImage> Images, LabelTask? Task, IReadOnlyList<string> LabelNames)
{
    /// <summary>Files that are no images to be read, each with why.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>What was understood in a way that one might not expect, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>More of it, with names of files or what stands in them: for whoever imports, to be kept nowhere.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}

/// <summary>An image file, and what is known of it from where it lies or from a table.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Name">Path below the folder, with slashes: what messages say.</param>
/// <param name="Labels">The number of its class; of findings 0 (absent), 1 (present), -1 (uncertain) or NaN (missing) each; empty where there are none.</param>
public sealed record ListedImage(string Path, string Name, IReadOnlyList<float> Labels)
{
    /// <summary>Who is shown, from a table or a file's name; null where neither says.</summary>
    public string? Patient { get; init; }

    /// <summary>The split that it was given; null where none is.</summary>
    public SplitName? Split { get; init; }
}

/// <summary>A file that does not become an image of the set.</summary>
/// <param name="Name">Path below the folder, with slashes.</param>
/// <param name="Reason">Why, and what to do, a clause without its full stop.</param>
public sealed record LeftOut(string Name, string Reason);
