using MedTransfer.Data;
using MedTransfer.Tasks;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Tasks;

[Collection(OneAtATime.Name)]
public sealed class LearningTaskTests
{
    private const byte Unknown = Labels.Missing;

    private static readonly LearningTask Findings = LearningTask.Of(LabelTask.MultiLabel);

    // log(1 + e^-1) where present, log(1 + e^2) where absent at 2; the unknown two count nowhere: mean of three known
    [Fact]
    public void Unknown_findings_are_left_out_of_the_loss()
    {
        using var scope = NewDisposeScope();
        var labels = Labels.Of(new byte[,] { { 1, Unknown }, { 0, 1 }, { Unknown, Unknown } });
        var logits = tensor(new float[,] { { 1, 50 }, { 2, 1 }, { -50, 50 } });

        var loss = Findings.Loss(logits, Findings.Targets(labels, CPU)).item<float>();

        Assert.Equal((Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(2)) + Math.Log(1 + Math.Exp(-1))) / 3, loss, 1e-6);
    }

    [Fact]
    public void Loss_is_the_plain_mean_where_all_findings_are_known()
    {
        using var scope = NewDisposeScope();
        var targets = tensor(new float[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } });
        var logits = tensor(new float[,] { { 0.3f, -1 }, { 2, 0.1f }, { -0.7f, 0 } });
        var weights = tensor(new float[] { 2, 3 });

        Assert.Equal(nn.functional.binary_cross_entropy_with_logits(logits, targets).item<float>(), Findings.Loss(logits, targets).item<float>(), 1e-6);
        Assert.Equal(
            nn.functional.binary_cross_entropy_with_logits(logits, targets, pos_weights: weights).item<float>(), Findings.Loss(logits, targets, weights).item<float>(), 1e-6);
    }

    [Fact]
    public void Batch_in_which_nothing_is_known_has_no_loss_and_no_gradient()
    {
        using var scope = NewDisposeScope();
        var logits = ones(2, 2).requires_grad_(true);

        var loss = Findings.Loss(logits, Findings.Targets(Labels.Of(new byte[,] { { Unknown, Unknown }, { Unknown, Unknown } }), CPU));
        loss.backward();

        Assert.Equal(0, loss.item<float>());
        Assert.All(logits.grad!.data<float>().ToArray(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(LabelTask.MultiLabel, 3)]
    [InlineData(LabelTask.BinaryClass, 2)]
    [InlineData(LabelTask.MultiClass, 3)]
    public void Log_odds_are_those_of_the_probability_and_have_digits_where_it_has_none(LabelTask kind, int outputs)
    {
        using var scope = NewDisposeScope();
        var task = LearningTask.Of(kind);
        var logits = tensor(new float[,] { { 0.3f, -1, 0.5f }, { 2, 0.1f, -1.5f } }).narrow(1, 0, outputs);

        for (var output = 0; output < outputs; output++)
        {
            Assert.True(task.Probabilities(logits).select(1, output).logit().allclose(task.LogOdds(logits, output), atol: 1e-6));
            var sure = zeros(1, outputs);
            sure[0, output] = 100;
            Assert.Equal(100 - (outputs == 3 && kind == LabelTask.MultiClass ? Math.Log(2) : 0), task.LogOdds(sure, output).item<float>(), 1e-4);
        }
    }

    // finding a: present in 1 of 3 known; b: in 2 of 2; c: of nobody known
    [Fact]
    public void Weights_of_the_loss_count_what_is_known() => Assert.Equal(
        [2, 1, 1],
        Findings.LossWeights(Labels.Of(new byte[,] { { 1, 1, Unknown }, { 0, Unknown, Unknown }, { 0, 1, Unknown }, { Unknown, Unknown, Unknown } }), 3));

    [Fact]
    public void Images_without_a_finding_that_is_known_are_drawn_as_those_without_any() => Assert.Equal(
        [1f, 1f / 3, 1f / 3, 1f / 3],
        Findings.DrawWeights(Labels.Of(new byte[,] { { 1, Unknown }, { 0, 0 }, { Unknown, 0 }, { Unknown, Unknown } })));

    // a: the positive is above the negative of two known; b: right at .9, wrong at .2; both known answers of a are right, two of three of b
    [Fact]
    public void Unknown_findings_are_left_out_of_the_scores()
    {
        var labels = Labels.Of(new byte[,] { { 1, 1 }, { 0, Unknown }, { Unknown, 1 }, { Unknown, 0 } });
        var probabilities = new float[,] { { 0.8f, 0.9f }, { 0.3f, 0.1f }, { 0.1f, 0.2f }, { 0.9f, 0.4f } };

        var scores = Findings.Scores(probabilities, labels);

        Assert.Equal(4, scores.Images);
        Assert.Equal((1 + 2 / 3.0) / 2, scores.Accuracy, 1e-12);
        Assert.Equal((1 + 0.5) / 2, scores.RocAuc!.Value, 1e-9);
        Assert.Equal((0.04 + 0.09) / 2 / 2 + (0.01 + 0.64 + 0.16) / 3 / 2, scores.BrierScore, 1e-6);
    }

    [Theory]
    [InlineData(LabelTask.BinaryClass)]
    [InlineData(LabelTask.MultiLabel)]
    public void Names_of_metrics_are_those_of_the_scores(LabelTask labels)
    {
        var task = LearningTask.Of(labels);
        var columns = labels == LabelTask.MultiLabel ? new byte[,] { { 0, 1 }, { 1, 0 } } : new byte[,] { { 0 }, { 1 } };

        var scores = task.Scores(new float[,] { { 0.7f, 0.3f }, { 0.2f, 0.8f } }, Labels.Of(columns));

        Assert.Equal(task.Metrics, scores.Values.Names.Where(name => name != MedTransfer.Evaluation.Metric.RocAucTerms));
    }

    [Theory]
    [InlineData(LabelTask.MultiClass)]
    [InlineData(LabelTask.MultiLabel)]
    public void Logits_of_probabilities_have_these_probabilities(LabelTask labels)
    {
        using var scope = NewDisposeScope();
        var task = LearningTask.Of(labels);
        var probabilities = tensor(new float[,] { { 0.2f, 0.5f, 0.3f }, { 0.1f, 0.1f, 0.8f } });

        Assert.True(task.Probabilities(task.LogitsOf(probabilities)).allclose(probabilities, atol: 1e-6));
    }

    [Fact]
    public void Data_without_labels_has_no_task() =>
        Assert.Contains("no labels", Assert.Throws<MedTransferException>(() => LearningTask.Of(new DatasetInfo("bare", null, 1, 28, []))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0, 0 }, false)]
    [InlineData(new byte[] { 0, 1 }, true)]
    [InlineData(new byte[] { 1, Unknown }, false)]
    public void What_is_not_known_is_no_contrast(byte[] ofTwoImages, bool expected) =>
        Assert.Equal(expected, LearningTask.HasContrast(Labels.Of(new byte[,] { { ofTwoImages[0], 1 }, { ofTwoImages[1], 1 } })));

    // float sigmoids of libtorch differ in the last digit at the end of a batch, which an area under the curve would rank
    [Fact]
    public void Images_with_one_logit_have_one_probability()
    {
        using var scope = NewDisposeScope();
        foreach (var logit in new[] { -2.4638f, -0.3f, 0.71f, 3.2f })
        {
            var probabilities = Findings.Probabilities(full([13, 3], logit)).data<float>().ToArray();
            Assert.Equal(probabilities[0], Assert.Single(probabilities.Distinct()));
        }
    }
}
