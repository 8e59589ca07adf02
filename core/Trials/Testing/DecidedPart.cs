using MedTransfer.Data;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Testing;

/// <summary>
/// Predictions that thresholds and temperatures are chosen on, and those of images that they are applied to, none of which is among the former.
/// </summary>
/// <param name="ChosenOn">Of images that the models which predict them did not learn from: validation, or other folds.</param>
/// <param name="Tested">Where the choice is judged.</param>
public sealed record DecidedPart(SplitPredictions ChosenOn, TestedPart Tested)
{
    /// <summary>Of a test split, chosen on validation.</summary>
    /// <param name="patients">Of the test images.</param>
    public static DecidedPart OfTest(TrialResult result, Patients patients)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new(result.Predictions(SplitName.Validation), TestedPart.Of(result, patients));
    }

    /// <summary>Of each fold, chosen on what the models of all other folds say of theirs.</summary>
    /// <param name="way">Of two folds or more.</param>
    public static IReadOnlyList<DecidedPart> OfFolds(TestedWay way)
    {
        ArgumentNullException.ThrowIfNull(way);
        return [.. way.Parts.Select((part, fold) => new DecidedPart(Joined([.. way.Parts.Where((_, other) => other != fold).Select(other => other.Predictions)]), part))];
    }

    /// <summary>Several predictions of one set's images as one.</summary>
    /// <param name="parts">One or more.</param>
    public static SplitPredictions Joined(IReadOnlyList<SplitPredictions> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var count = parts.Sum(part => part.Labels.Count);
        var (labels, probabilities) = (new byte[count, parts[0].Labels.Columns], new float[count, parts[0].Probabilities.GetLength(1)]);
        var row = 0;
        foreach (var part in parts)
        {
            for (var image = 0; image < part.Labels.Count; image++, row++)
            {
                for (var column = 0; column < labels.GetLength(1); column++)
                    labels[row, column] = part.Labels[image, column];
                for (var column = 0; column < probabilities.GetLength(1); column++)
                    probabilities[row, column] = part.Probabilities[image, column];
            }
        }

        return new(parts[0].Name, parts.All(part => part.FileIndices is not null) ? [.. parts.SelectMany(part => part.FileIndices!)] : null, Labels.Of(labels), probabilities);
    }
}
