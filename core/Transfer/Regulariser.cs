using System.Text.Json.Serialization;
using MedTransfer.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Transfer;

/// <summary>What is added to the loss of a training to hold its weights.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(L2StartingPoint), "l2sp")]
public abstract record Regulariser
{
    private protected Regulariser()
    {
    }

    /// <summary>The penalty of a model whose weights are as they were initialised or transferred: what it remembers of them, it remembers now.</summary>
    /// <param name="transferred">Names of the layers that were taken over.</param>
    internal abstract IPenalty Of(nn.Module model, IReadOnlyList<string> transferred);

    /// <summary>What the field calls it.</summary>
    [JsonIgnore]
    public abstract string Title { get; }

    /// <summary>Fails where a strength is out of its range, or the plan gives it nothing to hold to.</summary>
    internal abstract void Checked(TransferPlan plan);
}

/// <summary>A term of the loss that depends on the weights alone.</summary>
internal interface IPenalty : IDisposable
{
    /// <summary>The term, a scalar tensor with a gradient.</summary>
    Tensor Value();
}

/// <summary>
/// L2-SP (Li, Grandvalet and Davoine, ICML 2018): alpha / 2 |w - w0|^2 over the weights that were transferred, which start at w0, plus
/// beta / 2 |v|^2 over the others, a layer that did not fit among them, so that a fine-tuning on few images does not forget what it started from.
/// </summary>
public sealed record L2StartingPoint : Regulariser
{
    /// <summary>alpha, 0 or above; default 0.1, as in the paper.</summary>
    public double Alpha { get; init; } = 0.1;

    /// <summary>beta, 0 or above; default 0.01, as in the paper.</summary>
    public double Beta { get; init; } = 0.01;

    internal override IPenalty Of(nn.Module model, IReadOnlyList<string> transferred) => new Penalty(this, model, transferred);

    /// <inheritdoc/>
    public override string Title => "L2-SP";

    internal override void Checked(TransferPlan plan)
    {
        foreach (var (name, value) in new[] { ("alpha", Alpha), ("beta", Beta) })
        {
            if (value is not (>= 0 and < double.PositiveInfinity))
                throw new MedTransferException(FormattableString.Invariant($"L2-SP's {name} is {value}, but must be 0 or above.")) { IsUsage = true };
        }

        if (plan.Origin is null)
            throw new MedTransferException("L2-SP holds weights to where they were transferred from: give the plan an origin.") { IsUsage = true };
    }

    private sealed class Penalty : IPenalty
    {
        private readonly List<(Tensor Value, Tensor? Start)> weights = [];
        private readonly Scalar alpha, beta;

        public Penalty(L2StartingPoint options, nn.Module model, IReadOnlyList<string> transferred)
        {
            (alpha, beta) = (Scalars.Kept(options.Alpha / 2), Scalars.Kept(options.Beta / 2));
            foreach (var (name, value) in model.named_parameters())
            {
                var isTransferred = transferred.Any(layer => name.StartsWith($"{layer}.", StringComparison.Ordinal));
                weights.Add((value, isTransferred ? value.detach().clone().DetachFromDisposeScope() : null));
            }
        }

        public Tensor Value()
        {
            // those that do not train would add a constant
            var terms = weights.Where(weight => weight.Value.requires_grad).Select(weight =>
            {
                var moved = weight.Start is { } start ? weight.Value.add(start, Scalars.Kept(-1)) : weight.Value;
                return moved.mul(moved).sum().mul(weight.Start is null ? beta : alpha);
            });
            return stack([.. terms]).sum();
        }

        public void Dispose() => weights.ForEach(weight => weight.Start?.Dispose());
    }
}
