using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Numerics;

/// <summary>
/// Penalised logistic regressions of the same rows, P at a time: each the minimum over W and b of sum_i s_i loss_i + lambda |W|^2 / 2, b
/// free. By Newton's method, its equations solved by conjugate gradients as well as the step is worth (Nocedal and Wright 2006, algorithm
/// 7.1), all P in the same products of matrices. The rows' columns are orthogonal, so that the Hessian is near diagonal. Directions are
/// found in single precision, as a tenth is what they are solved to, and in double where that gets no further (penalties so weak that the Hessian
/// is flat); gradients, values and points are double, so that the minima are. What is the same to all K > 1 classes changes no loss: sums
/// over classes stay 0.
/// </summary>
internal sealed class LogisticBatch
{
    private const int MostSteps = 100;
    private const int MostRounds = 500;
    private const int MostHalvings = 50;
    private const double SufficientDecrease = 1e-4;

    /// <summary>The equations are solved to this share of their right-hand side.</summary>
    private const double Forcing = 0.1;

    /// <summary>Steps in a row that bring the minimum no nearer, after which directions are found in double.</summary>
    private const int Patience = 3;

    /// <summary>Of several classes the Hessian's diagonal tells some hundredth of how far above the minimum a point is.</summary>
    private const double OfClasses = 0.01;

    /// <summary>A divisor that is 0 becomes this, which single precision holds.</summary>
    private const double Least = 1e-30;

    // points are (P, K, r + 1), what is of rows (P, K or 1, N): few rows of many are multiplied several times faster than many of few
    private readonly Tensor axes, rows, singleRows, variances, targets, weights, point, logits;
    private readonly long problems, outputs;

    /// <param name="coordinates">Of N rows.</param>
    /// <param name="targets">(N, P or 1, K), float64: of K > 1 classes 1 for that of the row, else 0; of K = 1 whether it is positive.</param>
    /// <param name="weights">(N, P), float64, s: each problem's sum to 1, or are 0 where there is nothing to solve.</param>
    public LogisticBatch(PrincipalCoordinates coordinates, Tensor targets, Tensor weights)
    {
        axes = coordinates.Axes;
        // the bias is a column of ones
        rows = cat([coordinates.Rows, ones([coordinates.Rows.shape[0], 1], ScalarType.Float64, weights.device)], 1);
        singleRows = rows.to(ScalarType.Float32);
        variances = cat([coordinates.Variances, ones([1], ScalarType.Float64, weights.device)]);
        (this.targets, this.weights) = (targets.permute(1, 2, 0).contiguous(), weights.t().unsqueeze(1).contiguous());
        (problems, outputs) = (weights.shape[1], targets.shape[2]);
        point = zeros([problems, outputs, rows.shape[1]], ScalarType.Float64, weights.device);
        logits = zeros([problems, outputs, rows.shape[0]], ScalarType.Float64, weights.device);
    }

    /// <summary>Moves on to the minima, from those of the call before.</summary>
    /// <param name="lambda">(P), above 0.</param>
    /// <param name="tolerance">What each objective may be above its minimum, as the gradient and the Hessian's diagonal tell: some times that.</param>
    /// <returns>Whether that was reached.</returns>
    public bool Solve(Tensor lambda, double tolerance, CancellationToken cancellation)
    {
        var penalties = lambda.reshape(-1, 1, 1).repeat(1, 1, rows.shape[1]);
        penalties.select(2, -1).zero_();
        if (outputs > 1) tolerance *= OfClasses;
        var (least, inVain) = (double.PositiveInfinity, 0);
        for (var step = 0; step < MostSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var probability = outputs == 1 ? logits.sigmoid() : logits.softmax(1);
            var gradient = Back((probability - targets).mul_(weights)).addcmul_(penalties, point, Scalars.One);
            var weighted = probability * weights;
            var curvature = weighted - weighted * probability;
            var scale = (variances * curvature.sum([2L], keepdim: true)).add_(penalties, Scalars.One).clamp_min_(Scalars.Kept(Least));
            var product = Dot(gradient, Balanced(gradient / scale));
            var worst = product.max().item<double>();
            if (worst / 2 <= tolerance)
                return true;
            (least, inVain) = worst < least ? (worst, 0) : (least, inVain + 1);

            // no problem is solved far beyond what the others still need
            var enough = product.mul(Scalars.Kept(Forcing * Forcing)).clamp_min_(Scalars.Kept(tolerance / 10));
            var type = inVain < Patience ? ScalarType.Float32 : ScalarType.Float64;
            var hessian = new Hessian(probability.to(type), weighted.to(type), curvature.to(type), penalties.to(type), scale.to(type));
            var direction = Balanced(Direction(gradient.to(type), hessian, enough.to(type), cancellation).to(ScalarType.Float64, copy: true));
            Move(direction, Forward(direction), Dot(gradient, direction), penalties);
        }

        return false;
    }

    /// <summary>The loss of each row in each problem, without its weight: (N, P).</summary>
    public Tensor Losses() => Losses(logits).t();

    /// <summary>The minima: (P, K, D + 1), weights of the columns, then the bias.</summary>
    public Tensor Minima()
    {
        var last = point.shape[2] - 1;
        var weights = point.slice(2, 0, last, 1).reshape(problems * outputs, last).mm(axes.t()).reshape(problems, outputs, axes.shape[0]);
        return cat([weights, point.slice(2, last, last + 1, 1)], 2);
    }

    /// <summary>The Hessian at a point, in the precision that directions are found in.</summary>
    /// <param name="Scale">Its diagonal, near enough.</param>
    private readonly record struct Hessian(Tensor Probability, Tensor Weighted, Tensor Curvature, Tensor Penalties, Tensor Scale);

    // -H^-1 g by conjugate gradients, until every problem's residual is small enough, or rounding leaves no curvature along its search
    private Tensor Direction(Tensor gradient, Hessian at, Tensor enough, CancellationToken cancellation)
    {
        var direction = zeros_like(gradient);
        var residual = Balanced(gradient.neg());
        var search = Balanced(residual / at.Scale);
        var steepest = search.clone();
        var product = Dot(residual, search);
        var open = ones_like(product);
        for (var round = 0; round < MostRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var changed = Times(at, search);
            var curvature = Dot(search, changed);
            open.mul_(curvature.gt(Scalars.Kept(0)));
            var length = (product * open / curvature.clamp_min_(Scalars.Kept(Least))).reshape(-1, 1, 1);
            direction.addcmul_(length, search, Scalars.One);
            residual.addcmul_(length, changed, Scalars.Kept(-1));
            var scaled = Balanced(residual / at.Scale);
            var next = Dot(residual, scaled) * open;
            if (next.le(enough).all().item<bool>())
                break;
            search.mul_((next / product.clamp_min(Scalars.Kept(Least))).reshape(-1, 1, 1)).add_(scaled, Scalars.One);
            product.copy_(next);
        }

        return direction.addcmul_(Dot(direction, direction).eq(Scalars.Kept(0)).to(direction.dtype).reshape(-1, 1, 1), steepest, Scalars.One);
    }

    // of several classes without what is the same to all
    private Tensor Balanced(Tensor of) => outputs == 1 ? of : of.sub_(of.mean([1L], keepdim: true));

    private Tensor Times(Hessian at, Tensor search)
    {
        var moved = Forward(search);
        return Back(outputs == 1 ? moved.mul_(at.Curvature) : moved.sub_((at.Probability * moved).sum([1L], keepdim: true)).mul_(at.Weighted))
            .addcmul_(at.Penalties, search, Scalars.One);
    }

    // each problem by the longest of 1, 1/2, 1/4, ... that gains its share of what the slope promises, none where rounding leaves nothing
    private void Move(Tensor direction, Tensor along, Tensor slope, Tensor penalties)
    {
        var before = Values(logits, point, penalties);
        var length = ones_like(slope);
        for (var halving = 0; halving < MostHalvings; halving++)
        {
            using var scope = NewDisposeScope();
            var each = length.reshape(-1, 1, 1);
            var gained = Values(addcmul(logits, each, along, Scalars.One), addcmul(point, each, direction, Scalars.One), penalties).sub_(before);
            var tooLong = gained.le((length * slope).mul_(Scalars.Kept(SufficientDecrease)).add_(before.abs(), Scalars.Kept(1e-15))).logical_not();   // what is no number too
            if (!tooLong.any().item<bool>())
                break;
            length.copy_(where(tooLong, length.div(Scalars.Kept(2)), length));
        }

        point.addcmul_(length.reshape(-1, 1, 1), direction, Scalars.One);
        logits.addcmul_(length.reshape(-1, 1, 1), along, Scalars.One);
    }

    private Tensor Values(Tensor logits, Tensor point, Tensor penalties) =>
        (Losses(logits) * weights.squeeze(1)).sum([1L]).add_((point * point).mul_(penalties).sum([1L, 2L]), Scalars.Kept(0.5));

    // log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|))
    private Tensor Losses(Tensor logits) => outputs == 1
        ? logits.relu().add_(logits.abs().neg_().exp_().log1p_(), Scalars.One).sub_(logits * targets).squeeze(1)
        : logits.logsumexp(1).sub_((logits * targets).sum([1L]));

    private Tensor Forward(Tensor of) => of.reshape(-1, of.shape[2]).mm(RowsAs(of).t()).reshape(problems, outputs, -1);

    private Tensor Back(Tensor of) => of.reshape(-1, of.shape[2]).mm(RowsAs(of)).reshape(problems, outputs, -1);

    private Tensor RowsAs(Tensor of) => of.dtype == ScalarType.Float32 ? singleRows : rows;

    private static Tensor Dot(Tensor a, Tensor b) => (a * b).sum([1L, 2L]);
}
