using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>
/// How far the relations between images are others to a student than to its teacher (Park, Kim, Lu and Cho, "Relational knowledge distillation", CVPR 2019): Huber losses (delta 1) of
/// the distances of pairs, each over the mean of all, and of the cosines of the angles of triplets. The embeddings may have other widths.
/// </summary>
internal static class RelationalDistance
{
    /// <summary>Of lengths below it none is divided by.</summary>
    private const double Least = 1e-12;

    /// <summary>The mean over pairs of different images: a scalar with a gradient.</summary>
    /// <param name="student">(n, D), n at least 2.</param>
    /// <param name="teacher">(n, E), a constant.</param>
    public static Tensor OfDistances(Tensor student, Tensor teacher)
    {
        using var noGradient = no_grad();
        var wanted = Relative(Lengths(Differences(teacher)));
        using var gradient = enable_grad();
        var count = student.shape[0];
        return Huber(Relative(Lengths(Differences(student))), wanted).sum().div(Scalars.Kept(count * (count - 1)));
    }

    /// <summary>The mean over triplets (i, j, k) of the cosine at j, i and k other than j: a scalar with a gradient.</summary>
    /// <param name="student">(n, D), n at least 2.</param>
    /// <param name="teacher">(n, E), a constant.</param>
    public static Tensor OfAngles(Tensor student, Tensor teacher)
    {
        using var noGradient = no_grad();
        var wanted = Cosines(teacher);
        using var gradient = enable_grad();
        var count = student.shape[0];
        return Huber(Cosines(student), wanted).sum().div(Scalars.Kept(count * (count - 1) * (count - 1)));
    }

    // (n, n, D): x_i - x_j at j, i
    private static Tensor Differences(Tensor values) => values.unsqueeze(0).sub(values.unsqueeze(1));

    // (n, n); the root's gradient is infinite at 0, which an image's distance to itself is
    private static Tensor Lengths(Tensor differences) => differences.mul(differences).sum(2).clamp_min(Scalars.Kept(Least)).sqrt();

    // over the mean of the pairs of different images
    private static Tensor Relative(Tensor lengths)
    {
        var count = lengths.shape[0];
        var others = lengths.mul(eye(count, device: lengths.device, dtype: lengths.dtype).neg().add(Scalars.One, Scalars.One));
        return others.div(others.sum().div(Scalars.Kept(count * (count - 1))).clamp_min(Scalars.Kept(Least)));
    }

    // (n, n, n): at j, of i and k; 0 where either is j
    private static Tensor Cosines(Tensor values)
    {
        var differences = Differences(values);
        var directions = differences.div(Lengths(differences).unsqueeze(2));
        return directions.bmm(directions.transpose(1, 2));
    }

    private static Tensor Huber(Tensor student, Tensor teacher) => nn.functional.smooth_l1_loss(student, teacher, nn.Reduction.None);
}
