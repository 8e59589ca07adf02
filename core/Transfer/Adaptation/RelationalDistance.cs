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
        var count = student.shape[0];
        return Huber(Relative(Lengths(Products(student))), Constant(teacher, values => Relative(Lengths(Products(values))))).sum().div(Scalars.Kept(count * (count - 1))).to(student.dtype);
    }

    /// <summary>The mean over triplets (i, j, k) of the cosine at j, i and k other than j: a scalar with a gradient.</summary>
    /// <param name="student">(n, D), n at least 2.</param>
    /// <param name="teacher">(n, E), a constant.</param>
    public static Tensor OfAngles(Tensor student, Tensor teacher)
    {
        var count = student.shape[0];
        return Huber(Cosines(student), Constant(teacher, Cosines)).sum().div(Scalars.Kept(count * (count - 1) * (count - 1))).to(student.dtype);
    }

    private static Tensor Constant(Tensor teacher, Func<Tensor, Tensor> of)
    {
        using var noGradient = no_grad();
        return of(teacher);
    }

    // (n, n), of centred rows and in double, as differences of large products have few digits
    private static Tensor Products(Tensor values)
    {
        var rows = values.to(ScalarType.Float64);
        var centred = rows.add(rows.mean([0L], keepdim: true), Scalars.Kept(-1));
        return centred.mm(centred.t());
    }

    // (n, n): |x_i - x_j|; the root's gradient is infinite at 0, which an image's distance to itself is
    private static Tensor Lengths(Tensor products)
    {
        var squares = products.diagonal();
        return squares.unsqueeze(0).add(squares.unsqueeze(1), Scalars.One).add(products, Scalars.Kept(-2)).clamp_min(Scalars.Kept(Least)).sqrt();
    }

    // over the mean of the pairs of different images
    private static Tensor Relative(Tensor lengths)
    {
        var count = lengths.shape[0];
        var others = lengths.mul(eye(count, device: lengths.device, dtype: lengths.dtype).neg().add(Scalars.One, Scalars.One));
        return others.div(others.sum().div(Scalars.Kept(count * (count - 1))).clamp_min(Scalars.Kept(Least)));
    }

    // (n, n, n): at j, of i and k; 0 but for rounding where either is j
    private static Tensor Cosines(Tensor values)
    {
        var products = Products(values);
        var (lengths, squares) = (Lengths(products), products.diagonal());
        var between = products.unsqueeze(0).add(products.unsqueeze(2), Scalars.Kept(-1)).add(products.unsqueeze(1), Scalars.Kept(-1)).add(squares.reshape(-1, 1, 1), Scalars.One);
        return between.div(lengths.unsqueeze(2).mul(lengths.unsqueeze(1)));
    }

    private static Tensor Huber(Tensor student, Tensor teacher) => nn.functional.smooth_l1_loss(student, teacher, nn.Reduction.None);
}
