using MedTransfer.Evaluation;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>How many directions embeddings fill and how far they spread in them, by which it shows where all images have come to look alike: the loss may fall all the while.</summary>
/// <param name="EffectiveRank">
/// RankMe (Garrido et al., ICML 2023): exp(-sum_k p_k log p_k), p the singular values of the embeddings, as they are, over their sum. 1 where they lie on one line through zero, to min(N, D).
/// </param>
/// <param name="Deviation">
/// The mean over columns of the standard deviation of embeddings of length 1, times sqrt(D) (Chen and He, CVPR 2021): 0 where all are alike, to 1 where they point in all directions alike.
/// Those that are never negative, as behind a ReLU, stay well below.
/// </param>
internal sealed record EmbeddingSpread(double EffectiveRank, double Deviation)
{
    /// <summary>Images that it is taken of, the first ones.</summary>
    public const int MostImages = 1000;

    private const double LeastRank = 1.5, LeastDeviation = 0.01;

    /// <summary>Whether hardly more than one direction is left, or hardly any spread.</summary>
    public bool IsCollapsed => EffectiveRank < LeastRank || Deviation < LeastDeviation;

    /// <summary>Of embeddings (N, D); null of fewer than two, or where one is no number.</summary>
    public static EmbeddingSpread? Of(Tensor embeddings)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = embeddings.cpu().to(ScalarType.Float64);
        if (rows.shape[0] < 2 || !rows.isfinite().all().item<bool>())
            return null;
        var units = nn.functional.normalize(rows);
        var centred = units.add(units.mean([0L], keepdim: true), Scalars.Kept(-1));
        var deviation = centred.mul(centred).mean([0L]).sqrt().mean().item<double>() * Math.Sqrt(rows.shape[1]);
        return new(RankOf(linalg.svdvals(rows).data<double>().ToArray()), deviation);
    }

    /// <summary>That which is among a split's metrics; null where none is.</summary>
    public static EmbeddingSpread? OfValues(MetricValues values) =>
        values[Metric.EffectiveRank] is { } rank && values[Metric.EmbeddingDeviation] is { } deviation ? new(rank, deviation) : null;

    /// <summary>Its metrics by name; undefined of null.</summary>
    public static IEnumerable<KeyValuePair<string, double?>> ValuesOf(EmbeddingSpread? spread) =>
        [new(Metric.EffectiveRank, spread?.EffectiveRank), new(Metric.EmbeddingDeviation, spread?.Deviation)];

    // embeddings that are all 0 fill one direction at most
    private static double RankOf(double[] singularValues)
    {
        var sum = singularValues.Sum();
        return Math.Exp(-singularValues.Where(value => value > 0).Sum(value => value / sum * Math.Log(value / sum)));
    }
}
