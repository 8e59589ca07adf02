using System.Security.Cryptography;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Transfer;

/// <summary>Holds the parts that are not to train, and checks afterwards that not one bit of them moved, their buffers (running means) included.</summary>
internal sealed class FrozenWeights
{
    private readonly List<(string Name, Tensor Value, byte[] Before)> frozen = [];

    /// <summary>Lets only what the plan names train.</summary>
    public FrozenWeights(nn.Module model, TransferPlan plan)
    {
        foreach (var (name, value) in model.named_parameters())
        {
            value.requires_grad = plan.Trains(name);
            Hold(name, value, plan);
        }

        foreach (var (name, value) in model.named_buffers())
            Hold(name, value, plan);
    }

    /// <summary>Fails where a frozen weight or buffer changed.</summary>
    public void AssertUnchanged()
    {
        foreach (var (name, value, before) in frozen)
        {
            if (!Digest(value).AsSpan().SequenceEqual(before))
                throw new InvalidOperationException($"The frozen weight {name} changed during training.");
        }
    }

    private void Hold(string name, Tensor value, TransferPlan plan)
    {
        if (!plan.Trains(name))
            frozen.Add((name, value, Digest(value)));
    }

    private static byte[] Digest(Tensor value) => SHA256.HashData(value.ToStored().Data.Span);
}
