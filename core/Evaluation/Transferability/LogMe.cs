using MedTransfer.Evaluation.Classification;
using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Numerics;

namespace MedTransfer.Evaluation.Transferability;

/// <summary>
/// LogME, the logarithm of the maximum evidence (You et al., "LogME: practical assessment of pre-trained models for transfer learning", ICML 2021): how likely labels are of a Bayesian
/// linear regression on embeddings F, y = F w + noise, w ~ N(0, I / alpha), noise ~ N(0, I / beta), with all w weighed by how likely they are, so that many columns are no merit. It compares
/// embeddings of the same images: its height also depends on the classes.
/// </summary>
/// <param name="Value">Mean of <paramref name="Targets"/> that are defined, in nats an image, more is better; usually about -1 to 2.</param>
/// <param name="Targets">
/// Log evidence divided by the number of images, of each class by rising number, 1 where an image is of it and 0 else, or of each finding; null for findings that are present in all
/// images that are known, or in none.
/// </param>
public sealed record LogMe(double Value, IReadOnlyList<double?> Targets)
{
    /// <summary>The value of a finding that is not known for an image.</summary>
    public const byte Unknown = byte.MaxValue;

    private const string Name = "LogME";

    /// <summary>Change of the log evidence an image, in nats, at which the iteration stops.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>Steps at most, from which on the evidence is that of the last alpha and beta: a little less than the maximum.</summary>
    private const int MostSteps = 10_000;

    /// <summary>Of a target's sum of squares: rounding. Columns that fit a target without any rest would have no finite evidence, and count as leaving this.</summary>
    private const double LeastRest = 1e-9;

    /// <summary>Of classes. Time is cubic in the smaller of N and D.</summary>
    /// <param name="embeddings">(N, D), an image a row, finite, not all the same; taken as they are, not centred, as in the paper.</param>
    /// <param name="labels">N class numbers, any whole numbers, of two classes or more.</param>
    /// <exception cref="MedTransferException">Labels are not one an image or of one class; embeddings are not finite, or all the same.</exception>
    public static LogMe OfClasses(float[,] embeddings, IReadOnlyList<int> labels)
    {
        EmbeddingChecks.RequireClasses(embeddings, labels, Name);
        var spectrum = SpectrumOf(embeddings);
        return Of([.. labels.Distinct().Order().Select(label => (double?)Evidence(spectrum, [.. labels.Select(own => own == label ? 1.0 : 0)]))]);
    }

    /// <summary>Of findings, each over the images that it is known for. Findings that are known for the same images share most of the time.</summary>
    /// <inheritdoc cref="OfClasses" path="/param[@name='embeddings']"/>
    /// <param name="findings">(N, L), 0 (absent), 1 (present) or <see cref="Unknown"/>.</param>
    /// <exception cref="MedTransferException">
    /// Findings are not a row an image, hold other numbers, or none of them is both present and absent; embeddings are not finite, or all the same.
    /// </exception>
    public static LogMe OfFindings(float[,] embeddings, byte[,] findings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(findings);
        if (findings.GetLength(0) != embeddings.GetLength(0))
            throw new MedTransferException($"{Name} got {embeddings.GetLength(0)} embeddings and findings of {findings.GetLength(0)} images: give a row of findings an image.");
        LabelledPredictions.RequireLabels(findings, 2, Unknown);
        EmbeddingChecks.RequireVarying(embeddings, Name);

        var images = Enumerable.Range(0, findings.GetLength(0));
        var evidence = new double?[findings.GetLength(1)];
        foreach (var alike in Enumerable.Range(0, evidence.Length).Where(IsBoth).GroupBy(finding => string.Concat(images.Select(image => findings[image, finding] == Unknown ? '?' : '.'))))
        {
            int[] known = [.. images.Where(image => findings[image, alike.First()] != Unknown)];
            var spectrum = SpectrumOf(QuerySample.Take(embeddings, known));
            foreach (var finding in alike) evidence[finding] = Evidence(spectrum, [.. known.Select(image => (double)findings[image, finding])]);
        }

        return evidence.Any(value => value is not null)
            ? Of(evidence)
            : throw new MedTransferException($"{Name} got findings none of which is present in some images and absent in others: give more images, or other findings.");

        bool IsBoth(int finding) => images.Any(image => findings[image, finding] == 0) && images.Any(image => findings[image, finding] == 1);
    }

    private static LogMe Of(double?[] targets) => new(targets.OfType<double>().Average(), targets);

    private static EmbeddingSpectrum SpectrumOf(float[,] embeddings) => new(new EmbeddingRows(embeddings, new double[embeddings.GetLength(1)]));

    /// <summary>
    /// MacKay's fixed point, alpha = g / |w|^2 and beta = (N - g) / |F w - y|^2 for the most likely w and the g weights that are well determined, along singular vectors, where a step is linear
    /// in their number (You et al., "Ranking and tuning pre-trained models", JMLR 2022); from alpha / beta at the mean squared singular value, so that the unit of F does not matter.
    /// </summary>
    private static double Evidence(EmbeddingSpectrum spectrum, double[] target)
    {
        var (squares, along, total) = (spectrum.Squares, spectrum.Along(target), DoubleVectors.Dot(target, target));
        var (count, unspanned) = (target.Length, target.Length - squares.Length);
        var outside = unspanned == 0 ? 0 : Math.Max(total - DoubleVectors.Dot(along, along), LeastRest * total);
        var beta = count / total;
        var alpha = beta * squares.DefaultIfEmpty(1).Average();
        for (var (step, last) = (1, double.NegativeInfinity); ; step++)
        {
            var ratio = alpha / beta;
            double determined = 0, undetermined = unspanned, weights = 0, rest = outside, volume = 0;
            for (var k = 0; k < squares.Length; k++)
            {
                var sum = ratio + squares[k];
                determined += squares[k] / sum;
                undetermined += ratio / sum;
                weights += squares[k] * (along[k] / sum) * (along[k] / sum);
                rest += ratio * (along[k] / sum) * ratio * (along[k] / sum);
                volume += Math.Log(1 + squares[k] / ratio);
            }

            if (weights == 0) return (Math.Log(count / (2 * Math.PI * total)) - 1) / 2;   // no column helps: alpha is infinite
            var evidence = (Math.Log(beta / (2 * Math.PI)) - (beta * rest + alpha * weights + volume) / count) / 2;
            if (Math.Abs(evidence - last) <= Tolerance || step == MostSteps) return evidence;
            (last, alpha, beta) = (evidence, determined / weights, undetermined / rest);
        }
    }
}
