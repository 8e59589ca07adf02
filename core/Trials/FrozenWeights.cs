using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Holds the parts that are not to train, and checks afterwards that not one bit of them moved.</summary>
internal sealed class FrozenWeights
{
    private readonly List<(string Name, Tensor Value, byte[] Before)> frozen = [];

    /// <summary>Lets only the parts in <paramref name="trained"/> train.</summary>
    public FrozenWeights(nn.Module model, IReadOnlyList<string> trained)
    {
        foreach (var (name, value) in model.named_parameters())
        {
            value.requires_grad = trained.Contains(name.Split('.')[0]);
            if (!value.requires_grad)
                frozen.Add((name, value, Digest(value)));
        }
    }

    /// <summary>Fails where a frozen weight changed.</summary>
    public void AssertUnchanged()
    {
        foreach (var (name, value, before) in frozen)
        {
            if (!Digest(value).AsSpan().SequenceEqual(before))
                throw new InvalidOperationException($"The frozen weight {name} changed during training.");
        }
    }

    private static byte[] Digest(Tensor value)
    {
        using var plain = value.detach().cpu().contiguous();
        return SHA256.HashData(MemoryMarshal.AsBytes<float>(plain.data<float>().ToArray()));
    }
}
