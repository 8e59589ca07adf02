using MedTransfer.Data.Import.Listing;
using MedTransfer.Data.Import.Pixels;

namespace MedTransfer.Data.Import;

/// <summary>How a folder of images becomes a set.</summary>
public sealed record ImportOptions
{
    /// <summary>What is an image, and where its label, patient and split stand.</summary>
    public ListingOptions Listing { get; init; } = new();

    /// <summary>What is done to pixels.</summary>
    public PixelOptions Pixels { get; init; } = new();

    /// <summary>Whether images smaller than <see cref="PixelOptions.ImageSize"/> are enlarged to it; else the set has the size that is usual among its files, where that is smaller, but 28 at least. Default yes.</summary>
    public bool Enlarges { get; init; } = true;

    /// <summary>Of DICOM files of several frames the one to read, from 1; null, the default, to leave such files out.</summary>
    public int? Frame { get; init; }

    /// <summary>Shares of train, validation and test, where the folder gives no splits and some are to be made; null, the default, to make none.</summary>
    public SplitShares? Shares { get; init; }

    /// <summary>Whether a folder that gives splits keeps them whatever <see cref="Shares"/> says; default no, both together are an error.</summary>
    public bool KeepsGivenSplits { get; init; }

    /// <summary>Draws the splits.</summary>
    public long Seed { get; init; }

    /// <summary>Whether one file that can't be read ends it all; default no, such files are left out and listed.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Files read at a time, 1 or more; default one a core.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the secret is kept that patients' numbers are made with; null, the default, for the user's own.</summary>
    public string? SaltPath { get; init; }
}

/// <summary>How many of a set's images each split gets, as shares.</summary>
/// <param name="Train">More than 0.</param>
/// <param name="Validation">0 or more.</param>
/// <param name="Test">0 or more.</param>
public sealed record SplitShares(double Train, double Validation, double Test)
{
    internal IReadOnlyList<double> All => [Train / Sum, Validation / Sum, Test / Sum];

    private double Sum => Train + Validation + Test;

    /// <summary>Reads three whole numbers or fractions with slashes between them: <c>70/10/20</c>.</summary>
    /// <exception cref="MedTransferException">It is something else.</exception>
    public static SplitShares Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        double[] shares = [.. text.Split('/').Select(part =>
            double.TryParse(part, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var share) ? share : double.NaN)];
        return shares is [> 0 and <= 1e6, >= 0 and <= 1e6, >= 0 and <= 1e6] ? new(shares[0], shares[1], shares[2])
            : throw new MedTransferException($"--split is {OneLine.Quote(text)}, but must be shares of train, validation and test, as in 70/10/20, train more than 0.") { IsUsage = true };
    }
}

/// <summary>How far an import is.</summary>
/// <param name="Done">Files read.</param>
/// <param name="Of">Files to read.</param>
/// <param name="Left">Time left at the pace so far; null before that is known.</param>
public readonly record struct ImportProgress(int Done, int Of, TimeSpan? Left);
