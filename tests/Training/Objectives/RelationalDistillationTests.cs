using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training.Objectives;

[Collection(OneAtATime.Name)]
public sealed class RelationalDistillationTests : IDisposable
{
    private readonly Dataset data = Squares.Dataset(LabelTask.BinaryClass, 2, 48);
    private readonly Classifier teacher = Classifier.Create(new() { Latent = 12 }, Squares.Info, seed: 7);

    public void Dispose()
    {
        data.Dispose();
        teacher.Dispose();
    }

    [Fact]
    public void Student_sees_images_as_its_teacher_does()
    {
        using var scope = NewDisposeScope();
        using var taught = Trained(new() { DistanceWeight = 25, AngleWeight = 50 });
        using var again = Trained(new() { DistanceWeight = 25, AngleWeight = 50 });
        using var plain = Trained(new() { DistanceWeight = 1e-9, AngleWeight = 0 });

        Assert.Equal(taught.Bits(), again.Bits());
        Assert.True(Apart(taught) < 0.5 * Apart(plain), $"{Apart(taught)} of {Apart(plain)}");
    }

    [Fact]
    public void Labels_are_learned_beside_relations()
    {
        using var taught = Trained(new());
        using var validation = LabelledImages.On(CPU, data.Validation, Squares.Task);

        Assert.InRange(new Predictor(taught).Assess(validation).Scores.RocAuc!.Value, 0.95, 1);
    }

    private double Apart(Classifier student) => RelationalDistance.OfDistances(Relations.Of(Embeddings(student)), Relations.Of(Embeddings(teacher))).item<double>();

    private Tensor Embeddings(Classifier model)
    {
        using var noGradient = no_grad();
        using var images = new ImageSet(data.Train, CPU);
        model.eval();
        return new Predictor(model).Embeddings(images);
    }

    private Classifier Trained(RelationalDistillation objective)
    {
        var model = (Classifier)objective.Create(new() { Latent = 8 }, data.Info, seed: 1);
        objective.Fit(model, new(new(data), new() { Latent = 8 }, TransferPlan.Scratch, new FitOptions { Epochs = 12, BatchSize = 16, LearningRate = 3e-3 }, 1, CPU) { Teacher = teacher });
        return model;
    }
}
