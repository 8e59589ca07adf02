using System.Security.Cryptography;
using System.Text.Json;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials;

/// <summary>Names what trials do, whatever their seeds: those of one way on one size of sample, whose parents are too, have one name.</summary>
/// <param name="runs">The folder that holds the trials' folders, of parents too.</param>
internal sealed class Configurations(string runs)
{
    private readonly Dictionary<string, string> known = [];

    /// <summary>
    /// 16 hexadecimal digits: the start of the SHA-256 of the spec with every default filled in, but for seeds and for what only says where
    /// something is; the configurations of parent and members, which are done, in place of their names.
    /// </summary>
    public string Of(TrialSpec spec)
    {
        var content = spec with
        {
            Members = [.. spec.Members.Select(OfTrial)],
            Teacher = spec.Teacher?.Trial is { } teacher ? spec.Teacher with { Origin = new TrialOrigin(OfTrial(teacher)) } : spec.Teacher,
            Transfer = spec.Transfer.Parent is { } parent ? spec.Transfer with { Origin = new TrialOrigin(OfTrial(parent)) } : spec.Transfer,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, TrialJson.WithoutSeeds)))[..16];
    }

    private string OfTrial(string trial)
    {
        if (known.TryGetValue(trial, out var configuration))
            return configuration;
        try
        {
            return known[trial] = Of(new TrialFolder(runs, trial).ReadSpec());
        }
        catch (MedTransferException)
        {
            return trial;   // deleted after its children were done, who keep its name: one more seed is then one more configuration
        }
    }
}
