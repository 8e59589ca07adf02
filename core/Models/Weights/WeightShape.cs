using static TorchSharp.torch;

namespace MedTransfer.Models.Weights;

/// <summary>What a weight or a buffer is, but for its values.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Length of each dimension.</param>
public sealed record WeightShape(SafeTensorType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Those of stored weights, by name.</summary>
    public static IReadOnlyDictionary<string, WeightShape> Of(IReadOnlyDictionary<string, SafeTensor> stored) =>
        stored.ToDictionary(weight => weight.Key, weight => new WeightShape(weight.Value.Type, weight.Value.Shape));

    /// <summary>Those of a model's weights and buffers, by name.</summary>
    internal static IReadOnlyDictionary<string, WeightShape> Of(Dictionary<string, Tensor> state) =>
        state.ToDictionary(weight => weight.Key, weight => new WeightShape(StoredTensor.TypeOf(weight.Value), weight.Value.shape));

    /// <summary>
    /// What keeps the given one from taking this one's place; null where nothing does. Floats of other widths are converted where 32 bits are wanted.
    /// </summary>
    internal string? Misfit(WeightShape? given) =>
        given is null ? "is not among the transferred weights"
        : !Takes(given.Type) ? $"is {given.Type}, not {Type}"
        : !given.Shape.SequenceEqual(Shape) ? $"is {Text(given.Shape)}, not {Text(Shape)}"
        : null;

    /// <summary>Whether these are a convolution's weights, (to, from, rows, columns), that differ from the given ones in seeing grey instead of colour, or colour instead of grey, and in nothing else.</summary>
    internal bool SeesOtherChannels(WeightShape? given) =>
        given is { Shape: [var to, (1 or 3) and var from, ..] } && Shape is [var ownTo, (1 or 3) and var ownFrom, _, _] && from != ownFrom
        && to == ownTo && given.Shape.Skip(2).SequenceEqual(Shape.Skip(2)) && Takes(given.Type);

    private bool Takes(SafeTensorType given) =>
        given == Type || Type == SafeTensorType.F32 && given is (SafeTensorType.F16 or SafeTensorType.BF16 or SafeTensorType.F64);

    private static string Text(IEnumerable<long> shape) => $"({string.Join(", ", shape)})";
}
