using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Numerics;

/// <summary>Columns brought to mean 0 and deviation 1, a constant one to 0; and the way back of what is found of them.</summary>
internal sealed class StandardColumns
{
    private readonly Tensor mean, deviation;

    /// <param name="rows">(N, D), of any type of floats; left as they are.</param>
    public StandardColumns(Tensor rows)
    {
        Values = rows.to(ScalarType.Float64, copy: true);
        mean = Values.mean([0]);
        Values.sub_(mean);
        deviation = Values.mul(Values).mean([0]).sqrt();
        deviation.masked_fill_(deviation.eq(Scalars.Kept(0)), Scalars.Kept(1));
        Values.div_(deviation);
    }

    /// <summary>float64 (N, D).</summary>
    public Tensor Values { get; }

    /// <summary>Linear functions of the standardised columns, as such of the columns themselves: weights (K, D) and biases (K).</summary>
    /// <param name="functions">Weights of the standardised columns, then the bias: float64 (K, D + 1).</param>
    public (Tensor Weights, Tensor Biases) OfColumns(Tensor functions)
    {
        var width = mean.shape[0];
        var weights = functions.slice(1, 0, width, 1) / deviation;
        return (weights, functions.select(1, width) - weights.mv(mean));
    }
}
