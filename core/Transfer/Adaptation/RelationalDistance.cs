using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>
/// How far the relations between images are others to a student than to its teacher (Park, Kim, Lu and Cho, "Relational knowledge distillation", CVPR 2019): Huber losses (delta 1) of
/// the distances of pairs, each over the mean of all, and of the cosines of the angles of triplets. The embeddings may have other widths. All are scalars in double, with a gradient by the student alone.
/// </summary>
internal static class RelationalDistance
{
    /// <summary>Of squared lengths below it none is divided by.</summary>
    private const double Least = 1e-12;

    /// <summary>The mean over pairs of different images, 2 at least.</summary>
    public static Tensor OfDistances(Relations student, Relations teacher) =>
        nn.functional.smooth_l1_loss(Relative(student), Relative(teacher.Constant()), nn.Reduction.Sum).div(Scalars.Kept(Pairs(student)));

    /// <summary>The mean over triplets (i, j, k) of the cosine at j, i and k other than j; see <see cref="TripletAngles"/>.</summary>
    public static Tensor OfAngles(Relations student, Relations teacher)
    {
        var count = student.Products.shape[0];
        return Angles.apply(student.Products, teacher.Products).div(Scalars.Kept(count * (count - 1) * (count - 1)));
    }

    private static double Pairs(Relations relations) => relations.Products.shape[0] * (relations.Products.shape[0] - 1) / 2.0;

    // (n, n), each pair once, over the mean of all; the root's gradient is infinite at 0
    private static Tensor Relative(Relations relations)
    {
        var lengths = relations.Squares.clamp_min(Scalars.Kept(Least)).sqrt().tril(-1);
        return lengths.div(lengths.sum().div(Scalars.Kept(Pairs(relations))));
    }

    private sealed class Angles : autograd.SingleTensorFunction<Angles>
    {
        public override string Name => nameof(TripletAngles);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (student, teacher) = ((Tensor)vars[0], (Tensor)vars[1]);
            using var ours = student.detach().cpu();
            using var theirs = teacher.detach().cpu();
            var slopes = new double[student.numel()];
            var loss = new TripletAngles((int)student.shape[0]).Loss(ours.data<double>().ToArray(), theirs.data<double>().ToArray(), slopes);
            ctx.save_for_backward([tensor(slopes, device: student.device).reshape(student.shape)]);
            return tensor(loss, device: student.device);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [ctx.get_saved_variables()[0].mul(grad_output), null!];
    }
}
