using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>What lets one part of a network work against another (Ganin et al., JMLR 17, 2016): values pass as they are, gradients come back reversed.</summary>
internal static class GradientReversal
{
    /// <summary>The steepness of the schedule.</summary>
    private const double Gamma = 10;

    /// <summary>The values, but for rounding; their gradient is -<paramref name="strength"/> times what comes back.</summary>
    public static Tensor Of(Tensor values, double strength)
    {
        using TorchSharp.Scalar whole = 1 + strength, reversed = strength;
        return values.detach().mul(whole).add(values.mul(reversed), Scalars.Kept(-1));
    }

    /// <summary>2 / (1 + exp(-10 p)) - 1: from 0 at the beginning, as a domain classifier that knows nothing yet has nothing to say, to nearly 1.</summary>
    /// <param name="progress">p, 0 to 1, of the training.</param>
    public static double StrengthAt(double progress) => 2 / (1 + Math.Exp(-Gamma * progress)) - 1;
}
