using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tasks;
using MedTransfer.Tests.Training;

namespace MedTransfer.Tests.Inference;

[Collection(OneAtATime.Name)]
public sealed class EnsemblePredictorTests
{
    [Theory]
    [InlineData(LabelTask.MultiLabel)]
    [InlineData(LabelTask.MultiClass)]
    public void Ensemble_of_one_has_the_loss_probabilities_and_scores_of_its_member(LabelTask task)
    {
        var info = new DatasetInfo("findings", task, 1, Squares.Size, ["one", "two", "three"]);
        var labels = new byte[24, task == LabelTask.MultiLabel ? 3 : 1];
        for (var image = 0; image < 24; image++)
        {
            for (var column = 0; column < labels.GetLength(1); column++)
                labels[image, column] = (byte)(task == LabelTask.MultiLabel ? (image >> column) & 1 : image % 3);
        }

        var loss = LearningTask.Of(task);
        using var images = Squares.On(Squares.Pixels(24), labels, loss);
        using var member = Classifier.Create(new(), info, 1);
        var weights = member.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.ToStored());
        using var ensemble = Ensemble.Of(new(), info, [weights]);

        var (alone, together) = (new Predictor(member).Assess(images), new EnsemblePredictor(ensemble).Assess(images));

        Assert.Equal(alone.Loss, together.Loss, 1e-5);
        Assert.Equal(alone.Probabilities.Cast<float>(), together.Probabilities.Cast<float>());
        Assert.Equal(alone.Scores, together.Scores);
    }
}
