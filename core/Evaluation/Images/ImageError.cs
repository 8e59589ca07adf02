namespace MedTransfer.Evaluation;

/// <summary>How far one image is from its reconstruction.</summary>
/// <param name="Mse">Mean over pixels and channels of the squared difference, in squared units of the data.</param>
/// <param name="Psnr">Peak signal-to-noise ratio, 10 log10(range^2 / Mse), in dB; null for an exact reconstruction, which has no noise.</param>
/// <param name="Ssim">Structural similarity, -1 to 1 (exact), mean over channels.</param>
public readonly record struct ImageError(double Mse, double? Psnr, double Ssim)
{
    internal static double? PsnrOf(double mse, double range) => mse == 0 ? null : 10 * Math.Log10(range * range / mse);
}
