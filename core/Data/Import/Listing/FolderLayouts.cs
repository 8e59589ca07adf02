namespace MedTransfer.Data.Import.Listing;

/// <summary>Images whose labels are the folders that they lie in, or that have none.</summary>
internal static class FolderLayouts
{
    private const string Beside = "lies beside the class folders: put it into the folder of its class";

    /// <summary>Split folders of class folders, class folders, or files alone.</summary>
    /// <exception cref="MedTransferException">The folders may mean several things; the message says what to move.</exception>
    public static ImageListing Of(FolderScan scan, bool isUnlabelled)
    {
        var tops = Tops(scan.Images, depth: 0);
        var splits = tops.Where(top => SplitNames.TryParse(top) is not null).ToList();
        var isSplit = splits.Exists(top => SplitNames.TryParse(top) == SplitName.Train);
        if (isSplit && splits.Count < tops.Count && !isUnlabelled)
        {
            throw new MedTransferException($"{scan.Folder}: has the split {Folders(splits)} beside {Folders([.. tops.Except(splits)])}: "
                + "move what is no split elsewhere, or the class folders into the split folders");
        }
        if (splits.Count == tops.Count && tops.Count > 0 && !isSplit && !isUnlabelled)
            throw new MedTransferException($"{scan.Folder}: has {Folders(splits)} and no train folder: add one, or give the folder whose folders are classes");
        var listing = isSplit && splits.Count == tops.Count ? SplitFolders(scan, splits, isUnlabelled)
            : tops.Count > 0 && !isUnlabelled ? ClassFolders(scan, tops)
            : Unlabelled(scan.Images, scan, _ => null) with { Notes = [tops.Count > 0 ? "Images have no labels, whatever folders they are in." : "There are no class folders and no table: images have no labels."] };
        return splits.Count is > 0 and var count && count < tops.Count && !isUnlabelled
            ? listing with { Notes = [.. listing.Notes, $"{Sentence(Folders(splits))} {(count == 1 ? "is a class" : "are classes")} here, as the folders beside are no splits."] }
            : listing;
    }

    private static ImageListing ClassFolders(FolderScan scan, List<string> tops)
    {
        if (tops.Count == 1) throw OneClass(scan, tops[0]);
        foreach (var top in tops)
        {
            if (Tops(InFolder(scan.Images, top), depth: 1).Find(folder => SplitNames.TryParse(folder) == SplitName.Train) is { } train)
            {
                throw new MedTransferException($"{scan.Folder}: has a split folder below a class folder, {OneLine.Quote($"{top}/{train}")}: "
                    + "turn them round, train/CLASS and test/CLASS, or rename it if it is no split");
            }
        }
        var classes = ClassNames.Ordered(tops, scan.Folder, "join classes, or ask for no labels");
        return Labelled(scan, classes, name => Part(name, 0), _ => null,
        [
            $"Folders are the classes: {OneLine.List(classes)}.",
        ]) with
        { Details = [.. WithoutImages(scan, tops, depth: 0)] };
    }

    private static ImageListing SplitFolders(FolderScan scan, List<string> splits, bool isUnlabelled)
    {
        var twice = splits.GroupBy(folder => SplitNames.TryParse(folder)).FirstOrDefault(alike => alike.Count() > 1);
        if (twice is { Key: { } both }) throw new MedTransferException($"{scan.Folder}: has {Folders([.. twice])}, which both mean {both.Text()}: put them together");

        var meanings = string.Join(", ", splits.Select(folder => $"{OneLine.Quote(folder)} is {SplitNames.TryParse(folder)!.Value.Text()}"));
        var inSplits = scan.Images.Where(name => Part(name, 0) is not null).ToList();
        List<string> found = isUnlabelled ? [] : [.. splits.SelectMany(split => Tops(InFolder(scan.Images, split), depth: 1))];
        if (found.Count == 0)
        {
            return Unlabelled(inSplits, scan, Split) with
            {
                LeftOut = [.. scan.Images.Except(inSplits).Select(name => new LeftOut(name, "lies beside the split folders: put it into one"))],
                Notes =
                [
                    $"Folders are the splits: {meanings}. {(isUnlabelled ? "Images have no labels, whatever folders they are in." : "They have no class folders: images have no labels.")}",
                ],
            };
        }
        var classes = ClassNames.Ordered(found, scan.Folder, "join classes, or ask for no labels");
        if (classes.Length == 1)
            throw new MedTransferException($"{scan.Folder}: its split folders have one class alone, {OneLine.Quote(classes[0])}: two or more are needed; without labels, put the images into the split folders themselves");
        return Labelled(scan, classes, name => Part(name, 1), Split,
        [
            $"Folders are the splits: {meanings}. Folders in them are the classes: {OneLine.List(classes)}.",
            .. from split in splits
               let absent = classes.Except(Tops(InFolder(scan.Images, split), depth: 1)).ToList()
               where absent.Count > 0
               select $"{Sentence(Folders([split]))} has no image of {string.Join(", ", absent.Select(OneLine.Class))}.",
        ]) with
        {
            Details = [.. WithoutImages(scan, splits, depth: 0), .. WithoutImages(scan, classes, depth: 1)],
        };

        static SplitName? Split(string name) => SplitNames.TryParse(Part(name, 0)!);
    }

    private static ImageListing Labelled(FolderScan scan, string[] classes, Func<string, string?> classOf, Func<string, SplitName?> splitOf, IEnumerable<string> notes)
    {
        var numbers = classes.Index().ToDictionary(pair => pair.Item, pair => new[] { (float)pair.Index }, StringComparer.Ordinal);
        var within = scan.Images.Where(name => classOf(name) is not null).ToList();
        return new([.. within.Select(name => new ListedImage(scan.PathOf(name), name, numbers[classOf(name)!]) { Split = splitOf(name) })], ClassNames.Task(classes.Length), classes)
        {
            LeftOut = [.. scan.Images.Where(name => classOf(name) is null).Select(name => new LeftOut(name, Beside))],
            Notes = [.. notes],
        };
    }

    private static ImageListing Unlabelled(IReadOnlyList<string> names, FolderScan scan, Func<string, SplitName?> splitOf) =>
        new([.. names.Select(name => new ListedImage(scan.PathOf(name), name, []) { Split = splitOf(name) })], null, []);

    private static IEnumerable<string> WithoutImages(FolderScan scan, IReadOnlyCollection<string> withImages, int depth)
    {
        string[] empty = [.. scan.Folders.Where(folder => folder.Count(c => c == '/') == depth && !withImages.Contains(folder.Split('/')[^1]))];
        return empty.Length == 0 ? [] : [$"{Sentence(Folders(empty))} {(empty.Length == 1 ? "has" : "have")} no image and {(empty.Length == 1 ? "was" : "were")} passed over."];
    }

    private static MedTransferException OneClass(FolderScan scan, string top)
    {
        var below = Tops(InFolder(scan.Images, top), depth: 1);
        return new($"{scan.Folder}: has one class alone, the folder {OneLine.Quote(top)}: " + (below.Count > 1
            ? $"give that folder itself if its own {Folders(below)} are the classes, else add the folder of another class"
            : "add the folder of another class, or give that folder itself if its images have no labels"));
    }

    /// <summary>Names of the folders at that depth that have images in them, or below.</summary>
    private static List<string> Tops(IEnumerable<string> names, int depth) =>
        [.. names.Select(name => Part(name, depth)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> InFolder(IEnumerable<string> names, string top) =>
        names.Where(name => name.StartsWith(top + "/", StringComparison.Ordinal));

    // The folder at that depth of a file's name; null where the file lies higher.
    private static string? Part(string name, int depth)
    {
        var start = 0;
        for (; depth > 0; depth--)
        {
            start = name.IndexOf('/', start) + 1;
            if (start == 0) return null;
        }
        var end = name.IndexOf('/', start);
        return end < 0 ? null : name[start..end];
    }

    private static string Folders(IReadOnlyCollection<string> names) => $"{(names.Count == 1 ? "folder" : "folders")} {OneLine.List(names)}";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
