using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Trials;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class GreedySoupTests
{
    private static readonly ModelOptions Options = new() { Latent = 8 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // a member that turns every answer round scores 1 less another's AUC: it is left out, whatever its place
    [Fact]
    public void Member_that_does_harm_stays_out_and_the_others_weights_are_averaged()
    {
        using var scope = NewDisposeScope();
        using var data = Squares.Dataset(LabelTask.BinaryClass, 2, 48);
        using var validation = LabelledImages.On(CPU, data.Validation, Squares.Task);
        using var first = Trained(data, epochs: 8);
        using var second = Trained(data, epochs: 9);
        using var bad = Trained(data, epochs: 8);
        using (no_grad())
        {
            foreach (var weight in bad.Head.parameters())
                weight.neg_();
        }

        var (model, chosen) = GreedySoup.Of(Options, data.Info, [Weights(bad), Weights(first), Weights(second)], validation, Metric.Loss, Token);

        using var soup = model;
        Assert.DoesNotContain(0, chosen);
        var expected = chosen.Count == 1 ? (chosen[0] == 1 ? first : second).Head.weight : (first.Head.weight + second.Head.weight) / 2;
        Assert.Equal(expected.data<float>().ToArray(), soup.Head.weight.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        double LossOf(Classifier one) => new Predictor(one).Assess(validation).Loss;
        Assert.True(LossOf(soup) <= Math.Min(LossOf(first), LossOf(second)) + 1e-9);
    }

    // two members whose mean is better than either: heads that err to one side and to the other
    [Fact]
    public void Mean_that_is_better_is_taken()
    {
        using var scope = NewDisposeScope();
        using var data = Squares.Dataset(LabelTask.BinaryClass, 2, 48);
        using var validation = LabelledImages.On(CPU, data.Validation, Squares.Task);
        using var low = Trained(data, epochs: 8);
        using var high = Trained(data, epochs: 8);
        using (no_grad())
        {
            low.Head.bias![0] += 30;
            high.Head.bias![0] -= 30;
        }

        var (model, chosen) = GreedySoup.Of(Options, data.Info, [Weights(low), Weights(high)], validation, Metric.Loss, Token);

        using var soup = model;
        Assert.Equal(2, chosen.Count);
        using var middle = Trained(data, epochs: 8);
        Assert.Equal(middle.Head.bias!.data<float>().ToArray(), soup.Head.bias!.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Trial_of_averaged_weights_has_embeddings_and_names_its_members()
    {
        using var data = new SquaresTrials();
        Trial[] members = [.. new[] { 1L, 2L, 3L }.Select(seed => new Trial(data.Spec with { Seed = seed }, "member"))];
        var soup = new Trial(data.Spec with { Members = [.. members.Select(member => member.Name)], Combination = MemberCombination.GreedySoup }, "soup");

        var result = data.Run([.. members, soup])[3];

        Assert.Equal("greedy soup of 3", soup.Spec.Describe());
        Assert.NotEmpty(result.Metrics.Averaged!);
        Assert.Subset(members.Select(member => member.Name).ToHashSet(), result.Metrics.Averaged!.ToHashSet());
        Assert.Equal(20, result.Embeddings(SplitName.Test).Points.GetLength(0));
        Assert.NotEqual(soup.Name, new Trial(soup.Spec with { Combination = MemberCombination.Probabilities }, "ensemble").Name);
        Assert.Equal(SquaresTrials.Artefacts(result.Folder.FullPath), Again());

        IReadOnlyList<(string, string)> Again()
        {
            using var other = new SquaresTrials();
            return SquaresTrials.Artefacts(other.Run([.. members, soup])[3].Folder.FullPath);
        }
    }

    private static Dictionary<string, SafeTensor> Weights(Classifier model) =>
        model.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.ToStored());

    private static Classifier Trained(Dataset data, int epochs)
    {
        var model = (Classifier)Objective.Classification.Create(Options, data.Info, seed: 1);
        Objective.Classification.Fit(model, new(new(data), Options, TransferPlan.Scratch, new FitOptions { Epochs = epochs, BatchSize = 16, LearningRate = 3e-3 }, 1, CPU));
        return model;
    }
}
