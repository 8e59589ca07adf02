using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Import.Listing;
using MedTransfer.Data.Import.Pictures;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Data.Reading;

namespace MedTransfer.Data.Import;

/// <summary>Makes an <c>.npz</c> in MedMNIST's layout, and what is known of it beside it, of a folder of images.</summary>
public sealed class Importer(ImportOptions options)
{
    // raised by hand where the same files would give another set or card than before
    private const int Version = 3;

    // files that are looked at to know how large images are
    private const int Sampled = 20;

    // MedMNIST's smallest, which networks are made for
    private const int SmallestUsual = 28;

    private readonly ImportOptions options = options;
    private readonly PixelsInFlight inFlight = new(PixelsInFlight.Usual);
    private readonly Lazy<PatientNumbers> patients = new(() => PatientNumbers.OfUser(options.SaltPath));

    /// <summary>Reads all images of the folder, on as many cores as asked for, in memory that does not grow with their number.</summary>
    /// <param name="folder">Of images, as <see cref="FolderListing"/> takes it.</param>
    /// <param name="output">The <c>.npz</c>; what was there is replaced once all is done, and stays otherwise.</param>
    /// <param name="progress">Told after each file, by any thread, one at a time.</param>
    /// <exception cref="MedTransferException">There is nothing to import, or it can't be written; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">Nothing was written.</exception>
    public ImportedSet Run(string folder, string output, Action<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(output);
        if (!output.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
            throw new MedTransferException($"--out is {OneLine.Quote(output)}, but must be the path of an .npz.") { IsUsage = true };
        options.Pixels.Checked();
        var before = CardBefore(output);
        var listing = FolderListing.Of(folder, options.Listing);
        RequireClassesInSplits(listing);
        var pixels = PixelsOf(listing);
        using var spool = new ImageSpool(Path.GetFullPath(output), pixels.ImageSize);
        var read = Read(listing.Images, pixels, spool, progress, cancellation);
        return new ImportedImages(listing, options with { Pixels = pixels }, [.. read.OfType<ImportedImage>()], [.. listing.LeftOut, .. read.OfType<LeftOut>()])
            .Write(output, spool, SourceDigest(read), patients.IsValueCreated ? patients.Value.Key : null, before, cancellation);
    }

    /// <summary>The set that a folder is, made where it is not yet: kept below a folder under a digest of the images, their names and labels, and of what is done to them.</summary>
    /// <param name="kept">Made when it is needed.</param>
    /// <returns>Path of the <c>.npz</c>, named as the folder.</returns>
    /// <exception cref="MedTransferException">As <see cref="Run"/>.</exception>
    public string RunOnce(string folder, string kept, Action<ImportProgress>? progress = null, Action<ImportedSet>? imported = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var place = Path.Combine(kept, Fingerprint(folder, cancellation));
        // a published set's name is its own
        name = name.Length == 0 ? "images" : MedMnist.TryFind(name) is null ? name : $"{name}-images";
        var output = Path.Combine(place, $"{name}.npz");
        if (File.Exists(output) && File.Exists(DatasetCard.PathOf(output)) && NameLists.Exists(place))
            return output;
        Directory.CreateDirectory(place);
        var set = Run(folder, output, progress, cancellation);
        NameLists.Write(place, set.FileNames);
        imported?.Invoke(set);
        return output;
    }

    // a card may be another program's file, and what a person wrote into it is theirs
    private static DatasetCard? CardBefore(string output)
    {
        if (Directory.Exists(DatasetCard.PathOf(output)))
            throw new MedTransferException($"{DatasetCard.PathOf(output)} is a folder, where what is known of the set is to be written: move it, or name another --out.");
        return DatasetCard.TryRead(output);
    }

    // what no file would be read for
    private static void RequireClassesInSplits(ImageListing listing)
    {
        if (listing.Task is null or LabelTask.MultiLabel)
            return;
        foreach (var split in listing.Images.Where(image => image.Split is not null).GroupBy(image => image.Split!.Value).OrderBy(split => split.Key))
        {
            var known = split.Select(image => (int)image.Labels[0]).ToHashSet();
            if (split.Key == SplitName.Train && Enumerable.Range(0, listing.LabelNames.Count).FirstOrDefault(label => !known.Contains(label), -1) is >= 0 and var none)
                throw new MedTransferException($"No image of train is of {OneLine.Class(listing.LabelNames[none])}, which another split has: put some there, or leave the class out.");
            if (known.Count < 2)
                throw new MedTransferException($"All images of {split.Key.Text()} are of {OneLine.Class(listing.LabelNames[known.First()])}, so that nothing can be told apart there: put images of another class there, or leave that split out.");
        }
    }

    private string Fingerprint(string folder, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        var listing = FolderListing.Of(folder, options.Listing);
        Add(FormattableString.Invariant($"{Version} {PixelsOf(listing).Describe()} {options.Frame} {options.Shares} {options.Seed} {listing.Task} {string.Join('\t', listing.LabelNames)}"));
        foreach (var image in listing.Images)
        {
            cancellation.ThrowIfCancellationRequested();
            Add(FormattableString.Invariant($"{image.Name}\t{string.Join(' ', image.Labels)}\t{image.Patient}\t{image.Split}\t{DigestOf(image.Path)}"));
        }

        foreach (var said in listing.Notes.Concat(listing.Details).Concat(listing.LeftOut.Select(left => left.ToString())))
            Add(said);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // a larger picture of the same pixels says nothing more, and takes longer
    private PixelOptions PixelsOf(ImageListing listing)
    {
        if (options.Enlarges)
            return options.Pixels;
        var step = Math.Max(1, listing.Images.Count / Sampled);
        List<int> sides = [.. listing.Images.Where((_, place) => place % step == 0).Take(Sampled).Select(image => LongerSide(image.Path)).OfType<int>().Order()];
        return sides.Count == 0 ? options.Pixels : options.Pixels with { ImageSize = Math.Min(Math.Max(sides[sides.Count / 2], SmallestUsual), options.Pixels.ImageSize) };
    }

    private int? LongerSide(string path)
    {
        try
        {
            var image = ImageFiles.Read(path, options.Frame);
            return Math.Max(image.Width, image.Height);
        }
        catch (MedTransferException)
        {
            return null;
        }
    }

    // what can't be read has none, and is left out later, with why
    private static string DigestOf(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // a file is an image, or left out
    private object[] Read(IReadOnlyList<ListedImage> images, PixelOptions pixels, ImageSpool spool, Action<ImportProgress>? progress, CancellationToken cancellation)
    {
        var (read, clock, done, telling) = (new object[images.Count], Stopwatch.StartNew(), 0, new Lock());
        try
        {
            // each thread takes the next file, as large ones take longer
            Parallel.ForEach(
                Partitioner.Create(Enumerable.Range(0, images.Count), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation },
                place =>
                {
                    read[place] = Read(images[place], place, pixels, spool, cancellation);
                    lock (telling)
                    {
                        done++;
                        progress?.Invoke(new(done, images.Count, done < 2 ? null : clock.Elapsed / done * (images.Count - done)));
                    }
                });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<MedTransferException>().FirstOrDefault() is { } first)
        {
            throw new MedTransferException(first.Message, first);
        }

        return read;
    }

    private object Read(ListedImage listed, int place, PixelOptions pixels, ImageSpool spool, CancellationToken cancellation)
    {
        using var room = inFlight.Open();
        DecodedImage image;
        try
        {
            image = ImageFiles.Read(listed.Path, options.Frame, count => room.Take(count, cancellation));
        }
        catch (MedTransferException e) when (!options.IsStrict)
        {
            // messages begin with the file's path, which stays where it is
            var path = $"{listed.Path}: ";
            return new LeftOut(listed.Name, e.Message.StartsWith(path, StringComparison.Ordinal) ? e.Message[path.Length..] : e.Message);
        }

        var planes = PixelPipeline.ToBytes(image, image.Channels, pixels);
        spool.Write(place, planes);
        var acquisition = image.Study is { } study ? $"study {study}" : image.Series is { } series ? $"series {series}" : null;
        long? Number(string? who) => who is null ? null : patients.Value.Of(who);
        return new ImportedImage(place, listed, image.Channels == 3, Number(listed.Patient ?? image.Patient ?? acquisition), image.Remarks)
        {
            Pixels = Split.DigestOf(planes, image.Channels),
            FileDigest = DigestOf(listed.Path),
            FileBytes = new FileInfo(listed.Path).Length,
            Series = image.Series,
            Acquisition = listed.Patient is null ? Number(acquisition) : null,
            Shape = (image.Width, image.Height),
        };
    }

    // of names below the folder and of files' bytes
    private static string SourceDigest(object[] read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var image in read.OfType<ImportedImage>())
            hash.AppendData(Encoding.UTF8.GetBytes($"{image.Listed.Name}\0{image.FileDigest}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
