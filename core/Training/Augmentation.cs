using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>
/// Small random changes of training images that leave their labels true; every image of every batch draws its own, uniformly.
/// What a shift or rotation brings into view repeats the nearest edge pixel: black would mark the changed images, and mid-grey more so.
/// </summary>
public sealed record Augmentation
{
    /// <summary>Largest shift along each axis as a share of the image's side, 0 to 0.5; default 0.05.</summary>
    public double Shift { get; init; } = 0.05;

    /// <summary>Largest rotation about the centre, either way, in degrees, 0 to 180; default 5.</summary>
    public double Rotation { get; init; } = 5;

    /// <summary>Largest change of size: the image is drawn at 1 - scale to 1 + scale of it; 0 to 0.5, default 0.05.</summary>
    public double Scale { get; init; } = 0.05;

    /// <summary>Largest change of brightness, up or down, as a share of the range from black to white; 0 to 1, default 0.05.</summary>
    public double Brightness { get; init; } = 0.05;

    /// <summary>Largest change of contrast: differences from the image's mean are multiplied by 1 - contrast to 1 + contrast; 0 to 1, default 0.1.</summary>
    public double Contrast { get; init; } = 0.1;

    /// <summary>Whether every other image, by chance, is mirrored left to right; default no: hearts and livers have their sides.</summary>
    public bool Flip { get; init; }

    private bool Moves => Shift > 0 || Rotation > 0 || Scale > 0 || Flip;

    /// <summary>
    /// Changed copies of float images (n, C, S, S) in [-1, 1], in the same range. Bilinear between pixels; brighter than white is white.
    /// The number of draws does not depend on the strengths, so that one more kind of change leaves the others as they were.
    /// </summary>
    /// <param name="draws">Generator on the images' device; null for that device's global one.</param>
    public Tensor Apply(Tensor images, Generator? draws = null)
    {
        using var scope = NewDisposeScope();
        var uniform = rand([7, images.shape[0]], device: images.device, generator: draws).mul_(Scalars.Kept(2)).sub_(Scalars.Kept(1));   // [-1, 1)
        var moved = Moves ? Moved(images, uniform) : images;
        return Toned(moved, uniform).MoveToOuterDisposeScope();
    }

    /// <summary>The strengths, if every one lies in its range.</summary>
    /// <exception cref="MedTransferException">One does not; the message names it.</exception>
    public Augmentation Checked() =>
        Shift is not (>= 0 and <= 0.5) ? throw OutOfRange("shift", Shift, "0 to 0.5 of the side")
        : Rotation is not (>= 0 and <= 180) ? throw OutOfRange("rotation", Rotation, "0 to 180 degrees")
        : Scale is not (>= 0 and <= 0.5) ? throw OutOfRange("scale", Scale, "0 to 0.5")
        : Brightness is not (>= 0 and <= 1) ? throw OutOfRange("brightness", Brightness, "0 to 1")
        : Contrast is not (>= 0 and <= 1) ? throw OutOfRange("contrast", Contrast, "0 to 1")
        : this;

    /// <summary>
    /// Samples at A (x - d) for every pixel x of the result, in coordinates that run from -1 to 1 between the outer edges of an image:
    /// A is the inverse of mirroring, then turning by an angle and sizing by a factor about the centre; d is the shift.
    /// </summary>
    private Tensor Moved(Tensor images, Tensor uniform)
    {
        var angle = uniform[0].mul(Scalars.Kept(Rotation * Math.PI / 180));
        var size = uniform[1].mul(Scalars.Kept(Scale)).add_(Scalars.One, Scalars.One);
        var (cos, sin) = (angle.cos() / size, angle.sin() / size);
        var mirror = Flip ? uniform[2].sign() : ones_like(angle);
        var (right, down) = (uniform[3].mul(Scalars.Kept(2 * Shift)), uniform[4].mul(Scalars.Kept(2 * Shift)));
        var inverse = stack(
            [
                mirror * cos, mirror * sin, mirror * (cos * right).add_(sin * down, Scalars.One).neg_(),
                -sin, cos, sin * right - cos * down,
            ],
            dim: 1).reshape(-1, 2, 3);
        var grid = nn.functional.affine_grid(inverse, images.shape, align_corners: false);
        return nn.functional.grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false);
    }

    // c (x - mean) + mean + b, as one product and one sum
    private Tensor Toned(Tensor images, Tensor uniform)
    {
        var contrast = uniform[5].mul(Scalars.Kept(Contrast)).add_(Scalars.One, Scalars.One).reshape(-1, 1, 1, 1);
        var brightness = uniform[6].mul(Scalars.Kept(2 * Brightness)).reshape(-1, 1, 1, 1);
        var mean = images.mean([1, 2, 3], keepdim: true);
        return (images * contrast).add_(contrast.neg().add_(Scalars.One, Scalars.One).mul_(mean).add_(brightness, Scalars.One), Scalars.One).clamp_(Scalars.Kept(-1), Scalars.Kept(1));
    }

    private static MedTransferException OutOfRange(string what, double value, string range) =>
        new(FormattableString.Invariant($"The augmentation's {what} is {value}, but must be {range}.")) { IsUsage = true };
}
