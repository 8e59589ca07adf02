using System.Security.Cryptography;
using MedTransfer.Data.Formats;
using static TorchSharp.torch;

namespace MedTransfer.Models.Weights;

/// <summary>A model's weights and buffers as a safetensors file, under their PyTorch names and of their own types, which other tools open.</summary>
public static class WeightFile
{
    /// <summary>Writes every weight; the same weights give the same bytes.</summary>
    public static void Save(nn.Module model, string path) =>
        Safetensors.Write(path, model.state_dict().Select(weight => KeyValuePair.Create(weight.Key, weight.Value.ToStored())));

    /// <summary>SHA-256 of a file of weights, lower-case hexadecimal digits: what weights they are, wherever they are.</summary>
    /// <exception cref="MedTransferException">It can't be read.</exception>
    public static string DigestOf(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () => Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>The weights of a file, by name.</summary>
    public static IReadOnlyDictionary<string, SafeTensor> Load(string path) => Safetensors.Read(path).Tensors;
}

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

    /// <summary>What keeps the given one from taking this one's place; null where nothing does.</summary>
    internal string? Misfit(WeightShape? given) =>
        given is null ? "is not among the transferred weights"
        : given.Type != Type ? $"is {given.Type}, not {Type}"
        : !given.Shape.SequenceEqual(Shape) ? $"is {Text(given.Shape)}, not {Text(Shape)}"
        : null;

    private static string Text(IEnumerable<long> shape) => $"({string.Join(", ", shape)})";
}
