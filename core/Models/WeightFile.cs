using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>A model's weights and buffers as a safetensors file, under their PyTorch names and of their own types, which other tools open.</summary>
public static class WeightFile
{
    /// <summary>Writes every weight; the same weights give the same bytes.</summary>
    public static void Save(nn.Module model, string path) =>
        Safetensors.Write(path, model.state_dict().Select(weight => KeyValuePair.Create(weight.Key, weight.Value.ToStored())));

    /// <summary>The weights of a file, by name.</summary>
    public static IReadOnlyDictionary<string, SafeTensor> Load(string path) => Safetensors.Read(path).Tensors;
}
