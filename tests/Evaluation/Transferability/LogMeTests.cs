using MedTransfer.Evaluation.Transferability;
using static MedTransfer.Tests.Evaluation.Transferability.SampleEmbeddings;

namespace MedTransfer.Tests.Evaluation.Transferability;

public sealed class LogMeTests
{
    private const byte Unknown = LogMe.Unknown;

    /// <summary>By hand: class 0 is (1, 1, 1, 0) over F = (1, 1, 0, 0).</summary>
    /// <remarks>
    /// F has sigma = s^2 = 2 along u = F / sqrt 2, where y lies at z^2 = 2; outside lies 3 - 2 = 1. A priori y is normal, of variance 1 / beta in the three directions outside and
    /// sigma / alpha + 1 / beta along u, so that the likeliest are 1 / 3 and 2. Class 1, (0, 0, 0, 1), has z = 0: alpha is infinite, 1 / beta the mean square, 1 / 4.
    /// </remarks>
    [Fact]
    public void Evidence_of_one_column_is_that_by_hand()
    {
        var evidence = LogMe.OfClasses(new float[,] { { 1 }, { 1 }, { 0 }, { 0 } }, [0, 0, 0, 1]);

        var first = -(4 * Math.Log(2 * Math.PI) + 3 * Math.Log(1 / 3.0) + Math.Log(2) + 4) / 8;
        var second = -(Math.Log(2 * Math.PI / 4) + 1) / 2;
        Assert.Equal(first, evidence.Targets[0]!.Value, 1e-9);
        Assert.Equal(second, evidence.Targets[1]!.Value, 1e-12);
        Assert.Equal((first + second) / 2, evidence.Value, 1e-9);
    }

    // SciPy 1.10.1: the largest multivariate_normal(zeros(n), eye(n) / beta + F @ F.T / alpha).logpdf(y) / n over alpha and beta by
    // minimize(method='Nelder-Mead') from eight starts. Fewer columns than images, and more: there some noise is best at none.
    [Theory]
    [InlineData(12, 3, -0.8696323888, -0.8532755113, -0.6454073709)]
    [InlineData(6, 8, -0.8696323888, -0.6632017668, -0.4176451098)]
    public void Evidence_of_classes_is_the_largest_likelihood_there_is(int count, int columns, params double[] expected)
    {
        var evidence = LogMe.OfClasses(Whole(count, columns), Classes(count));

        Assert.Equal(expected, evidence.Targets.Select(value => value!.Value), (a, b) => Math.Abs(a - b) < 1e-8);
        Assert.Equal(expected.Average(), evidence.Value, 1e-8);
    }

    // As above, finding 0 over the ten images that it is known for
    [Fact]
    public void A_finding_is_judged_over_the_images_it_is_known_for()
    {
        byte[,] findings =
        {
            { 1, 1, 0 }, { 0, 1, 0 }, { 1, 1, 0 }, { 0, 1, 0 }, { 1, 1, 1 }, { 0, 1, 1 },
            { Unknown, 1, 1 }, { Unknown, 1, 0 }, { 1, 1, 0 }, { 0, 1, 0 }, { 1, 1, 1 }, { 1, 1, 1 },
        };

        var evidence = LogMe.OfFindings(Whole(12, 3), findings);

        Assert.Equal(-1.1079707437, evidence.Targets[0]!.Value, 1e-8);
        Assert.Null(evidence.Targets[1]);
        Assert.Equal(-0.9404123362, evidence.Targets[2]!.Value, 1e-8);
        Assert.Equal((evidence.Targets[0]!.Value + evidence.Targets[2]!.Value) / 2, evidence.Value, 1e-12);
    }

    [Fact]
    public void Two_classes_are_a_finding_and_its_absence()
    {
        int[] labels = [0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1];
        var findings = new byte[12, 2];
        for (var i = 0; i < 12; i++) findings[i, labels[i]] = 1;

        Assert.Equal(LogMe.OfClasses(Whole(12, 3), labels).Targets, LogMe.OfFindings(Whole(12, 3), findings).Targets);
    }

    [Fact]
    public void Embeddings_that_part_classes_have_more_than_shuffled_labels()
    {
        var (embeddings, classes) = (Random(90, 10, seed: 1, apart: 4), Classes(90));
        int[] shuffled = [.. classes.Skip(45), .. classes.Take(45).Reverse()];

        var (parted, mixed) = (LogMe.OfClasses(embeddings, classes).Value, LogMe.OfClasses(embeddings, shuffled).Value);

        Assert.True(parted > mixed + 0.1, $"{parted} {mixed}");
    }

    [Fact]
    public void The_unit_of_embeddings_does_not_matter()
    {
        var evidence = LogMe.OfClasses(Whole(12, 3), Classes(12)).Value;

        Assert.Equal(evidence, LogMe.OfClasses(Whole(12, 3).Map(value => value * 1024), Classes(12)).Value, 1e-12);
        Assert.Equal(evidence, LogMe.OfClasses(Whole(12, 3).Map(value => value / 1e30f), Classes(12)).Value, 1e-6);
    }

    [Fact]
    public void A_column_that_says_nothing_new_changes_little_and_columns_of_chance_lower()
    {
        var (few, classes) = (Random(60, 2, seed: 2, apart: 4), Classes(60));
        var (twice, noisy, noise) = (new float[60, 4], new float[60, 32], Random(60, 30, seed: 3));
        for (var i = 0; i < 60; i++)
        {
            for (var j = 0; j < 4; j++) twice[i, j] = few[i, j / 2];
            for (var j = 0; j < 32; j++) noisy[i, j] = j < 2 ? few[i, j] : noise[i, j - 2];
        }

        var evidence = LogMe.OfClasses(few, classes).Value;
        Assert.Equal(evidence, LogMe.OfClasses(twice, classes).Value, 1e-8);
        Assert.True(LogMe.OfClasses(noisy, classes).Value < evidence);
    }

    [Fact]
    public void Columns_that_are_the_classes_count_as_leaving_a_billionth()
    {
        var embeddings = new float[6, 3];
        for (var i = 0; i < 6; i++) embeddings[i, i % 3] = 1;

        // by hand: sigma is 2 along all three directions, |w| is 1, so that alpha is 3; a rest of 2e-9 in the three directions outside makes 1 / beta 2e-9 / 3
        var expected = (6 * Math.Log(1.5e9 / (2 * Math.PI)) - 6 - 3 * Math.Log(1 + 2 * 1.5e9 / 3)) / 12;
        Assert.Equal(expected, LogMe.OfClasses(embeddings, Classes(6)).Value, 1e-7);
    }

    [Theory]
    [MemberData(nameof(Bad), MemberType = typeof(SampleEmbeddings))]
    public void Bad_embeddings_are_refused(float[,] embeddings, string says)
    {
        Assert.Contains(says, Assert.Throws<MedTransferException>(() => LogMe.OfClasses(embeddings, [0, 1, 0, 1])).Message);
        Assert.Contains(says, Assert.Throws<MedTransferException>(() => LogMe.OfFindings(embeddings, new byte[,] { { 0 }, { 1 }, { 0 }, { 1 } })).Message);
    }

    [Fact]
    public void One_class_and_findings_of_one_value_or_another_are_refused()
    {
        Assert.Contains("one class", Assert.Throws<MedTransferException>(() => LogMe.OfClasses(Whole(3, 2), [4, 4, 4])).Message);
        Assert.Contains("none of which", Assert.Throws<MedTransferException>(() => LogMe.OfFindings(Whole(3, 2), new byte[,] { { 0, 1 }, { 0, Unknown }, { Unknown, 1 } })).Message);
        Assert.Contains("is 2", Assert.Throws<MedTransferException>(() => LogMe.OfFindings(Whole(3, 2), new byte[,] { { 0 }, { 1 }, { 2 } })).Message);
    }
}
