using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>A model's weights as a safetensors file, under their PyTorch names, which other tools open.</summary>
public static class WeightFile
{
    /// <summary>Writes every weight; the same weights give the same bytes.</summary>
    public static void Save(nn.Module model, string path) =>
        Safetensors.Write(path, model.state_dict().Select(weight => KeyValuePair.Create(weight.Key, ToSafeTensor(weight.Value))));

    /// <summary>The weights of a file, by name.</summary>
    public static IReadOnlyDictionary<string, SafeTensor> Load(string path) => Safetensors.Read(path).Tensors;

    /// <summary>A float32 tensor on the CPU with these values.</summary>
    internal static Tensor ToTensor(this SafeTensor stored) =>
        tensor(MemoryMarshal.Cast<byte, float>(stored.Data.Span).ToArray()).reshape(stored.Shape);

    private static SafeTensor ToSafeTensor(Tensor value)
    {
        using var plain = value.detach().cpu().contiguous();
        return new SafeTensor(SafeTensorType.F32, plain.shape, MemoryMarshal.AsBytes<float>(plain.data<float>().ToArray()).ToArray());
    }
}
