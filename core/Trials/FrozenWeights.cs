using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Holds the parts that are not to train, and checks afterwards that not one bit of them moved.</summary>
internal sealed class FrozenWeights
{
    private readonly List<(string Name, Tensor Value, byte[] Before)> frozen = [];

    /// <summary>Lets only what the plan names train.</summary>
    public FrozenWeights(nn.Module model, TransferPlan plan)
    {
        foreach (var (name, value) in model.named_parameters())
        {
            value.requires_grad = plan.Trains(name);
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
