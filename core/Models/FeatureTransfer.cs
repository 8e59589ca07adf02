using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>What became of a transfer of weights.</summary>
/// <param name="Taken">Names of the weights that were taken over.</param>
/// <param name="Left">Weights of the part that kept their initial values, each with the reason.</param>
public sealed record TransferOutcome(IReadOnlyList<string> Taken, IReadOnlyList<string> Left);

/// <summary>Takes one part's weights over from another model, where name, shape and type are the same; nothing is broadcast or guessed.</summary>
public static class FeatureTransfer
{
    /// <summary>Copies every weight of <c>features</c> that fits; what follows them (a head, a decoder) has a task of its own and stays.</summary>
    /// <param name="model">Receives the weights.</param>
    /// <param name="weights">A trained model's weights by name.</param>
    public static TransferOutcome Apply(nn.Module model, IReadOnlyDictionary<string, SafeTensor> weights)
    {
        using var noGradient = no_grad();
        var taken = new List<string>();
        var left = new List<string>();
        foreach (var (name, own) in model.state_dict().Where(weight => weight.Key.StartsWith($"{Classifier.FeaturesPart}.", StringComparison.Ordinal)))
        {
            if (Misfit(own, weights.GetValueOrDefault(name)) is { } reason)
            {
                left.Add($"{name}: {reason}");
                continue;
            }

            using var given = weights[name].ToTensor();
            own.copy_(given);
            taken.Add(name);
        }

        return new TransferOutcome(taken, left);
    }

    private static string? Misfit(Tensor own, SafeTensor? given) =>
        given is null ? "not among the transferred weights"
        : given.Type != SafeTensorType.F32 ? $"is {given.Type}, not F32"
        : !given.Shape.SequenceEqual(own.shape) ? $"is {Shape(given.Shape)}, not {Shape(own.shape)}"
        : null;

    private static string Shape(IEnumerable<long> shape) => $"({string.Join(", ", shape)})";
}
