using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Numerics;

/// <summary>
/// A reference for <see cref="MedTransfer.Numerics.LogisticBatch"/> that solves its equations exactly: penalised logistic regression of one yes-or-no label by Newton's method with halved steps (Boyd and Vandenberghe 2004, algorithm 9.5):
/// the minimum over w and b of sum_i s_i log(1 + exp(-m_i)) / S + lambda |w|^2 / 2, where m_i is x_i w + b for a positive image and its
/// negative for another, s_i the image's weight and S their sum; the bias b is free.
/// </summary>
/// <param name="rows">(N, D), float64.</param>
/// <param name="lambda">Above 0.</param>
internal sealed class LogisticNewton(Tensor rows, double lambda)
{
    private const double SufficientDecrease = 0.1;
    private const int MostHalvings = 50;

    /// <summary>Rows that are scaled in a copy at a time.</summary>
    private const long RowsAtATime = 8192;

    /// <summary>The weights of the columns, then the bias, float64 (D + 1); and the steps taken.</summary>
    /// <param name="Converged">Whether no component of the gradient is above the tolerance.</param>
    public readonly record struct Minimum(Tensor Point, int Steps, bool Converged);

    /// <summary>The minimum, from zero.</summary>
    /// <param name="positive">(N), float64: 1 or 0.</param>
    /// <param name="weights">(N), float64, s / S: they sum to 1.</param>
    /// <param name="tolerance">No component of the gradient is larger at the end.</param>
    public Minimum Solve(Tensor positive, Tensor weights, double tolerance, int maxSteps, CancellationToken cancellation)
    {
        var point = zeros([rows.shape[1] + 1], ScalarType.Float64, rows.device);
        var logits = zeros_like(positive);
        for (var step = 0; ; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var probability = logits.sigmoid();
            var gradient = Gradient(point, (probability - positive).mul_(weights));
            if (gradient.abs().max().item<double>() <= tolerance)
                return new(point, step, true);
            if (step == maxSteps)
                return new(point, step, false);
            var direction = Direction(gradient, probability.neg().add_(Scalars.One, Scalars.One).mul_(probability).mul_(weights));
            var along = Logits(direction);
            if (Length(point, direction, logits, along, gradient.dot(direction).item<double>(), positive, weights) is not { } length)
                return new(point, step, false);
            point.add_(direction, alpha: Scalars.Kept(length));
            logits.add_(along, alpha: Scalars.Kept(length));
        }
    }

    /// <summary>Logits (N) of a point: rows w + b.</summary>
    private Tensor Logits(Tensor point) => rows.mv(Weights(point)).add_(Bias(point), Scalars.One);

    private Tensor Gradient(Tensor point, Tensor residuals) =>
        cat([rows.t().mv(residuals).add_(Weights(point), alpha: Scalars.Kept(lambda)), residuals.sum().reshape(1)]);

    // -H^-1 g; the bias is a column of ones that has no penalty
    private Tensor Direction(Tensor gradient, Tensor curvature)
    {
        var width = rows.shape[1];
        var hessian = zeros([width + 1, width + 1], ScalarType.Float64, rows.device);
        var ofWeights = hessian.slice(0, 0, width, 1).slice(1, 0, width, 1);
        var root = curvature.sqrt().unsqueeze(1);
        for (var start = 0L; start < rows.shape[0]; start += RowsAtATime)
        {
            using var scope = NewDisposeScope();
            var end = Math.Min(start + RowsAtATime, rows.shape[0]);
            var scaled = rows.slice(0, start, end, 1) * root.slice(0, start, end, 1);
            ofWeights.add_(scaled.t().mm(scaled), Scalars.One);
        }

        hessian.diagonal().slice(0, 0, width, 1).add_(Scalars.Kept(lambda), Scalars.One);
        var border = rows.t().mv(curvature);
        hessian.select(1, width).slice(0, 0, width, 1).copy_(border);
        hessian.select(0, width).slice(0, 0, width, 1).copy_(border);
        hessian.select(0, width).select(0, width).copy_(curvature.sum());
        return linalg.solve(hessian, gradient.unsqueeze(1)).squeeze(1).neg_();
    }

    // the longest of 1, 1/2, 1/4, ... that gains its share of what the slope promises; null where rounding leaves nothing to gain
    private double? Length(Tensor point, Tensor direction, Tensor logits, Tensor along, double slope, Tensor positive, Tensor weights)
    {
        var before = Value(point, logits, positive, weights);
        var length = 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            using var scope = NewDisposeScope();
            var value = Value(point.add(direction, alpha: Scalars.Kept(length)), logits.add(along, alpha: Scalars.Kept(length)), positive, weights);
            // near the minimum the gain is lost in the value's rounding, and whole steps converge
            if (value <= before + SufficientDecrease * length * slope + 1e-15 * Math.Abs(before))
                return length;
        }

        return null;
    }

    private double Value(Tensor point, Tensor logits, Tensor positive, Tensor weights)
    {
        // log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|))
        var loss = logits.relu().add_(logits.abs().neg_().exp_().log1p_(), Scalars.One).sub_(logits * positive).dot(weights).item<double>();
        var w = Weights(point);
        return loss + lambda / 2 * w.dot(w).item<double>();
    }

    private Tensor Weights(Tensor point) => point.slice(0, 0, rows.shape[1], 1);

    private Tensor Bias(Tensor point) => point.select(0, rows.shape[1]);
}
