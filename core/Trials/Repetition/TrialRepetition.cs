using MedTransfer.Data;
using MedTransfer.Models.Weights;

namespace MedTransfer.Trials.Repetition;

/// <summary>What became of a trial that was trained anew.</summary>
public enum RepetitionOutcome
{
    /// <summary>Every artefact has the same bytes, on whatever machine.</summary>
    SameBits,

    /// <summary>Other bits, for a reason; every test figure is the original's, or lies within its interval.</summary>
    FiguresAgree,

    /// <summary>Other bits, for a reason; a test figure lies outside the original's interval.</summary>
    FiguresDiffer,

    /// <summary>Other bits, for a reason; a test figure is another, and the original's has no interval to judge it by.</summary>
    FiguresUnknown,

    /// <summary>The original lacks an artefact, or has one that can't be what was measured: it says nothing to compare with.</summary>
    Damaged,

    /// <summary>Other bits, though spec, data and kind of machine are the same: an artefact was changed, or a training does not repeat.</summary>
    Unexplained,
}

/// <summary>A finished trial beside the same spec trained anew.</summary>
/// <param name="Recorded">The original.</param>
/// <param name="Repeated">What was trained.</param>
public sealed record TrialRepetition(RecordedTrial Recorded, TrialResult Repeated)
{
    /// <summary>Names of the artefacts that have other bytes, or are missing in the original's folder; none where all bits are the same.</summary>
    public required IReadOnlyList<string> OtherArtefacts { get; init; }

    /// <summary>Names of the original's artefacts that are missing, can't be read, or are not those that its metrics were taken of.</summary>
    public required IReadOnlyList<string> DamagedArtefacts { get; init; }

    /// <summary>In what the machines differ that may decide bits.</summary>
    public required IReadOnlyList<MachineDifference> Machine { get; init; }

    /// <summary>Names of the trials that this one needs and that came out with other bits themselves.</summary>
    public required IReadOnlyList<string> OtherNeeds { get; init; }

    /// <summary>Test figures of both; none where all bits are the same.</summary>
    public required IReadOnlyList<FigureComparison> Figures { get; init; }

    /// <summary>The largest difference of a test probability, 0 to 1; null where there are none, or not the same.</summary>
    public required double? ProbabilityDifference { get; init; }

    /// <summary>Whether other bits would be no surprise: on another machine, of other numerics, or from other weights.</summary>
    public bool IsOtherExpected => Machine.Count > 0 || Recorded.HasOtherName || OtherNeeds.Count > 0;

    /// <summary>What became of it.</summary>
    public RepetitionOutcome Outcome =>
        OtherArtefacts.Count == 0 ? RepetitionOutcome.SameBits
        : DamagedArtefacts.Count > 0 ? RepetitionOutcome.Damaged
        : !IsOtherExpected ? RepetitionOutcome.Unexplained
        : Figures.Any(figure => figure.Agrees == false) ? RepetitionOutcome.FiguresDiffer
        : Figures.All(figure => figure.Agrees == true) ? RepetitionOutcome.FiguresAgree
        : RepetitionOutcome.FiguresUnknown;

    /// <summary>Whether it holds what the original says: the same bits, or, where others are expected, the same figures.</summary>
    public bool Agrees => Outcome is RepetitionOutcome.SameBits or RepetitionOutcome.FiguresAgree;

    /// <summary>Compares every artefact that the repetition has, and figures where bits differ.</summary>
    /// <param name="needed">What became of the trials that this one needs, others among them.</param>
    /// <param name="load">The dataset that a reference names.</param>
    internal static TrialRepetition Of(RecordedTrial recorded, TrialResult repeated, IEnumerable<TrialRepetition> needed, Func<DataReference, Dataset> load)
    {
        var original = recorded.Original;
        List<string> others = [.. repeated.Folder.Decided.Where(file => !repeated.Folder.HasSame(file, original.Folder))];
        return new(recorded, repeated)
        {
            OtherArtefacts = others,
            DamagedArtefacts = [.. others.Where(file => IsDamaged(file, original))],
            Machine = MachineDifference.Between(original.Environment, repeated.Environment),
            OtherNeeds =
            [
                .. needed.Where(other => other.OtherArtefacts.Count > 0 && recorded.Trial.Spec.Needs.Contains(other.Recorded.Trial.Name))
                    .Select(other => other.Recorded.Trial.Name).Distinct(),
            ],
            Figures = others.Count == 0 ? [] : FigureComparison.Of(original, repeated, load),
            ProbabilityDifference = others.Count == 0 ? null : FigureComparison.ProbabilityDifference(original, repeated),
        };
    }

    private static bool IsDamaged(string artefact, TrialResult original)
    {
        var path = Path.Combine(original.Folder.FullPath, artefact);
        return !File.Exists(path)
            || path == original.Folder.WeightsPath && (WeightFile.DigestOf(path) != original.Metrics.WeightsDigest || !WeightFile.HasShared(path))
            || path == original.Folder.PredictionsPath && FigureComparison.TestPredictions(original) is not { Labels.Count: > 0 };
    }
}
