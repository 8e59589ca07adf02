using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>Draws images again through the few numbers of their embeddings; asks for no labels. The loss is the mean squared error in [0, 1].</summary>
internal sealed record Reconstruction() : Objective("reconstruction")
{
    private const string DecoderPart = "decoder";

    [JsonIgnore]
    public override int LeastImageSize => Reconstructor.LeastImageSize;

    public override string TitleOf(Architecture architecture) => "autoencoder";

    public override IReadOnlyList<string> MetricsOn(DatasetInfo data) => [];

    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        if (!model.Architecture.HasDecoder)
            throw Wrong($"The {model.Architecture.Title} can't draw images again: train one of {string.Join(", ", Architecture.All.Where(entry => entry.HasDecoder))}");
        if (fit.Solver != Solver.Adam)
            throw Wrong("Logistic regression trains a classifier's head: train an autoencoder with Adam");
        if (fit.ChosenBy.Any(metric => metric != Metric.Loss))
            throw Wrong("An autoencoder predicts nothing, so that its epochs have no score but the loss: stop and keep by that");
        if (fit.Balance != ClassBalance.None)
            throw Wrong("An autoencoder learns without labels, so that it has no classes to balance: leave the balance out");
        if (!plan.TrainsAll)
            throw Wrong("An autoencoder trains all of its parts: use a plan in which nothing stays");
    }

    public override nn.Module Create(ModelOptions model, DatasetInfo data, long seed) => Autoencoder.Create(model, data, seed);

    public override FitResult Fit(nn.Module model, Fitting fitting)
    {
        var data = fitting.Data.Target;
        using var train = new ImageSet(data.Train, fitting.Device);
        using var validation = new ImageSet(data.Validation, fitting.Device);
        var learner = new ReconstructionLearner((Autoencoder)model, train, validation, fitting.Options.Augmentation);
        return (fitting.Trainer with { Plan = PlanOf(fitting.Plan) }).Fit(learner, fitting.OnEpoch, fitting.Cancellation);
    }

    public override SplitOutput Measure(nn.Module model, Split split, Measuring measuring)
    {
        using var images = new ImageSet(split, measuring.Device);
        return new Reconstructor((Autoencoder)model) { Threads = measuring.Threads }.Pass(images, measuring.MostEmbeddings, measuring.MostReconstructions);
    }

    internal override TransferPlan PlanOf(TransferPlan plan) => plan.WithHeadAs(DecoderPart);
}
