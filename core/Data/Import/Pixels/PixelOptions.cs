using System.Globalization;

namespace MedTransfer.Data.Import.Pixels;

/// <summary>How images of any size and depth become pictures of one size and eight bits. Plain data: the same options make the same bytes.</summary>
public sealed record PixelOptions
{
    /// <summary>Width and height of every picture, 8 to 1,024 pixels; default 224.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>What becomes of an image that is not square; default <see cref="Fit.Pad"/>.</summary>
    public Fit Fit { get; init; } = Fit.Pad;

    /// <summary>What becomes black and white in every image, whatever its file says; null, the default, where files and percentiles decide.</summary>
    public Window? Window { get; init; }

    /// <summary>Percentile of an image's values that becomes black where neither a window nor its file says, 0 to less than <see cref="HighPercentile"/>; default 0.5.</summary>
    public double LowPercentile { get; init; } = 0.5;

    /// <summary>Percentile that becomes white, up to 100; default 99.5.</summary>
    public double HighPercentile { get; init; } = 99.5;

    /// <summary>Default: none are.</summary>
    public Invert Invert { get; init; } = Invert.None;

    /// <summary>The options, if every one lies in its range.</summary>
    /// <exception cref="MedTransferException">One does not; the message names it.</exception>
    public PixelOptions Checked() =>
        ImageSize is < 8 or > 1024 ? throw OutOfRange("image size", $"{ImageSize}", "8 to 1024 pixels")
        : !Enum.IsDefined(Fit) ? throw OutOfRange("fit", $"{Fit}", "Pad, Crop or Squash")
        : !Enum.IsDefined(Invert) ? throw OutOfRange("inversion", $"{Invert}", "None or All")
        : Window is { } window && !(double.IsFinite(window.Centre) && double.IsFinite(window.Width) && window.Width > 0)
            ? throw OutOfRange("window", Text(window), "a finite centre and a width above 0, as -600/1500")
        : !(LowPercentile >= 0 && LowPercentile < HighPercentile && HighPercentile <= 100) ? throw OutOfRange("range of percentiles", $"{Text(LowPercentile)} to {Text(HighPercentile)}", "two of 0 to 100, the lower one first")
        : this;

    /// <summary>What is done, in one clause without its full stop: <c>224 x 224 pixels, kept in proportion and padded with black, by area averaging ...</c>.</summary>
    public string Describe()
    {
        var fit = Fit switch
        {
            Fit.Pad => "kept in proportion and padded with black",
            Fit.Crop => "cropped to the central square",
            _ => "stretched to a square",
        };
        var range = Window is { } window
            ? $"values windowed to {Text(window)} (centre/width)"
            : $"values of more than 8 bits from percentile {Text(LowPercentile)} to {Text(HighPercentile)} of each image, unless the file says its range";
        return $"{ImageSize} x {ImageSize} pixels, {fit}, by area averaging down and bilinear interpolation up; {range}{(Invert == Invert.All ? "; inverted" : "")}";
    }

    private static string Text(Window window) => $"{Text(window.Centre)}/{Text(window.Width)}";

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static MedTransferException OutOfRange(string what, string value, string range) =>
        new($"The {what} is {value}, but must be {range}.") { IsUsage = true };
}

/// <summary>What becomes of an image that is not square.</summary>
public enum Fit
{
    /// <summary>Kept in proportion, with black on both sides of the shorter one.</summary>
    Pad,

    /// <summary>Kept in proportion, with the longer side cut at both ends.</summary>
    Crop,

    /// <summary>Stretched out of proportion.</summary>
    Squash,
}

/// <summary>Which images have black and white exchanged, besides those whose files say so (MONOCHROME1).</summary>
public enum Invert
{
    None,

    /// <summary>Every one; of a file that says so itself, the exchange is then undone.</summary>
    All,
}

/// <summary>A window of values: black at and below <c>Centre - Width / 2</c>, white at and above <c>Centre + Width / 2</c> (DICOM's LINEAR_EXACT, PS3.3 C.11.2.1.3.2).</summary>
/// <param name="Centre">In the file's values: of CT, Hounsfield units.</param>
/// <param name="Width">Above 0.</param>
public readonly record struct Window(double Centre, double Width);
