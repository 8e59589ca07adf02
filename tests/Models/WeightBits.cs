using System.Security.Cryptography;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

internal static class WeightBits
{
    /// <summary>SHA-256 over the bits of all weights of a module, in the order of their names.</summary>
    public static string Bits(this nn.Module module)
    {
        using var scope = NewDisposeScope();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, value) in module.state_dict().OrderBy(weight => weight.Key, StringComparer.Ordinal))
            digest.AppendData(value.detach().bytes);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
