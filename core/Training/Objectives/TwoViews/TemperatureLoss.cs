using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>
/// The normalised temperature-scaled cross-entropy, NT-Xent, of 2n views (Chen et al., ICML 2020): the mean over views i of
/// -log(exp(s_ij / t) / sum_{k != i} exp(s_ik / t)), j the other view of the same image and s the cosine of two projections.
/// </summary>
internal static class TemperatureLoss
{
    /// <summary>A scalar with a gradient, above 0: log(2n - 1) where all views are alike.</summary>
    /// <param name="first">(n, H), n at least 2.</param>
    /// <param name="second">(n, H), of the same images.</param>
    /// <param name="temperature">t, above 0.</param>
    public static Tensor Of(Tensor first, Tensor second, double temperature)
    {
        var count = first.shape[0];
        var views = nn.functional.normalize(cat([first, second]));
        var itself = eye(2 * count, dtype: ScalarType.Bool, device: views.device);
        var similarities = views.mm(views.t()).div(Scalars.Kept(temperature)).masked_fill(itself, Scalars.Kept(double.NegativeInfinity));
        var partners = tensor([.. Enumerable.Range(0, 2 * (int)count).Select(view => (view + count) % (2 * count))], device: views.device);
        return nn.functional.cross_entropy(similarities, partners);
    }
}
