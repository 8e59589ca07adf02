using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials;

/// <summary>One training with one seed: a spec, and the name that follows from it.</summary>
public sealed record Trial
{
    /// <summary>Raised by hand whenever the same spec would give other numbers than before.</summary>
    public const int NumericsVersion = 10;

    /// <summary>Names a spec.</summary>
    public Trial(TrialSpec spec, string label)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked();
        Label = label;
        Name = NameOf(spec);
    }

    /// <summary>What is run.</summary>
    public TrialSpec Spec { get; }

    /// <summary>What to call it on the screen: not part of its name.</summary>
    public string Label { get; }

    /// <summary>
    /// 16 hexadecimal digits: the start of the SHA-256 of the spec with every default filled in, but for what only says where data and weights
    /// are, whose digests are in it, and of the version of the numerics.
    /// </summary>
    public string Name { get; }

    /// <summary>This trial, as what another takes its weights from.</summary>
    public TrialOrigin AsOrigin => new(Name);

    /// <summary>That a trial which it needs is not there.</summary>
    internal MedTransferException Lacks(string needed) => new($"Trial {Name} ({Label}) needs the weights of trial {needed}, which is neither done nor asked for.");

    private static string NameOf(TrialSpec spec)
    {
        var content = JsonSerializer.SerializeToNode(spec, TrialJson.WithoutWhereabouts)!.AsObject();
        content["numerics"] = NumericsVersion;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString(TrialJson.Compact))))[..16];
    }
}
