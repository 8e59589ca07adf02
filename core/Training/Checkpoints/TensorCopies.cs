using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Training.Checkpoints;

/// <summary>Copies of tensors in memory that is asked for once: each copy of a name takes the place of the one before.</summary>
internal sealed class TensorCopies
{
    private readonly Dictionary<string, byte[]> places = [];

    /// <summary>The tensors as they are now, whatever becomes of them; good until the next copy of their names.</summary>
    public Dictionary<string, SafeTensor> Of(IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.ToDictionary(tensor => tensor.Key, tensor => Of(tensor.Key, tensor.Value));

    private SafeTensor Of(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        var plain = value.detach().cpu().contiguous();
        var bytes = plain.bytes;
        if (!places.TryGetValue(name, out var place) || place.Length != bytes.Length)
            places[name] = place = GC.AllocateUninitializedArray<byte>(bytes.Length);
        bytes.CopyTo(place);
        return new SafeTensor(StoredTensor.TypeOf(plain), plain.shape, place);
    }
}
