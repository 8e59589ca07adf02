using System.Text.Json;
using MedTransfer.Training;

namespace MedTransfer.Trials.Artefacts;

/// <summary>How far a training is, as its claim says it to whoever looks at its folder: the epoch that ended last, as JSON.</summary>
internal static class EpochWords
{
    public static string Of(EpochRecord epoch) => JsonSerializer.Serialize(epoch, TrialJson.Compact);

    /// <summary>The epoch; null where there is none yet, or it was written by another version.</summary>
    public static EpochRecord? Read(string? words)
    {
        try
        {
            return string.IsNullOrEmpty(words) ? null : JsonSerializer.Deserialize<EpochRecord>(words, TrialJson.Compact);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
