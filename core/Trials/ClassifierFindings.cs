using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Numerics;
using MedTransfer.Trials.Artefacts;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>What is measured of anything that predicts labels.</summary>
internal static class ClassifierFindings
{
    /// <summary>Scores and probabilities of every split, embeddings of train and test, one split on the device at a time.</summary>
    /// <param name="embed">Gives the embeddings of the first images, of all without a limit; null where there are none.</param>
    public static TrialFindings Of(
        Dataset data, Func<Split, LabelledImages> onDevice, Func<LabelledImages, Assessment> assess, Func<ImageSet, int?, Tensor>? embed)
    {
        Assessed Measured(SplitName name, int? mostEmbeddings)
        {
            using var images = onDevice(data[name]);
            var assessment = assess(images);
            if (embed is null || mostEmbeddings == 0)
                return new(assessment, null);
            using var embeddings = embed(images.Images, mostEmbeddings);
            return new(assessment, embeddings.ToMatrix());
        }

        var train = Measured(SplitName.Train, TrialPredictions.MostTrainEmbeddings);
        var validation = Measured(SplitName.Validation, 0);
        var test = Measured(SplitName.Test, null);
        SplitPredictions Predicted(SplitName name, Assessed of) => new(name, data[name].FileIndices, data[name].Labels.Values, of.Assessment.Probabilities);
        return new TrialFindings(train.Metrics, validation.Metrics, test.Metrics, new TrialPredictions(
            [Predicted(SplitName.Train, train), Predicted(SplitName.Validation, validation), Predicted(SplitName.Test, test)],
            train.Embeddings,
            test.Embeddings));
    }

    private readonly record struct Assessed(Assessment Assessment, float[,]? Embeddings)
    {
        public SplitMetrics Metrics => new(Assessment.Loss, Assessment.Scores, null);
    }
}
