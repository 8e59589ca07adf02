using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Tests.Models.Onnx;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class OnnxEncoderTrialTests : IDisposable
{
    private readonly SquaresTrials data = new();

    // tokens of the rows of an image of 8 pixels a side: their mean says where it is bright
    public OnnxEncoderTrialTests() => File.WriteAllBytes(data["rows.onnx"], SmallEncoders.Rows());

    public void Dispose() => data.Dispose();

    [Fact]
    public void Head_alone_learns_from_the_encoders_output()
    {
        var trial = On(Encoder("rows.onnx"), new() { Solver = Solver.LogisticRegression });

        var result = data.Run(trial)[0];

        Assert.Equal("frozen, logistic regression", trial.Spec.Describe());
        Assert.Equal(1, result.Metrics.Test!.Scores.RocAuc!.Value, 0.02);
        Assert.Equal((8 + 1) * 2, result.Metrics.TrainableParameters);
        Assert.Equal("1.31.1", result.Environment.OnnxRuntime);
    }

    [Fact]
    public void Embeddings_are_computed_once_wherever_the_file_is()
    {
        File.Copy(data["rows.onnx"], data["copy.onnx"]);
        var adam = new FitOptions { Epochs = 1, BatchSize = 16 };
        var first = data.Run(On(Encoder("rows.onnx"), adam))[0];
        var files = Files();

        data.Run(On(Encoder("copy.onnx"), new() { Solver = Solver.LogisticRegression }), On(Encoder("copy.onnx"), adam, seed: 2));

        Assert.Equal(3, files.Count);   // train, validation and test
        Assert.Equal(files, Files());
        Assert.Equal(first.Trial.Name, On(Encoder("copy.onnx"), adam).Name);
        Assert.NotEqual(first.Trial.Name, On(Encoder("rows.onnx", TokenPooling.First), adam).Name);
    }

    [Fact]
    public void Other_tokens_have_embeddings_of_their_own()
    {
        var fit = new FitOptions { Solver = Solver.LogisticRegression };

        var results = data.Run(On(Encoder("rows.onnx"), fit), On(Encoder("rows.onnx", TokenPooling.First), fit));

        Assert.Equal(6, Files().Count);
        Assert.NotEqual(results[0].Metrics.WeightsDigest, results[1].Metrics.WeightsDigest);
    }

    [Fact]
    public void Same_spec_gives_the_same_bits()
    {
        var trial = On(Encoder("rows.onnx"), new() { Epochs = 1 });
        var bits = SquaresTrials.Artefacts(data.Run(trial)[0].Folder.FullPath);
        Directory.Delete(data.Runs, recursive: true);

        Assert.Equal(bits, SquaresTrials.Artefacts(data.Run(trial)[0].Folder.FullPath));
    }

    [Fact]
    public void Its_features_can_neither_train_nor_be_replaced()
    {
        var model = Encoder("rows.onnx");

        Assert.All(
            [TransferPlan.Scratch, TransferPlan.FineTuned(data.Trial.AsOrigin), TransferPlan.RandomFeatures.FrozenTo(0, model), TransferPlan.Frozen(data.Trial.AsOrigin)],
            plan => Assert.Equal("The ONNX encoder brings its features, which do not train here: train the head alone, and name no origin.",
                Assert.Throws<MedTransferException>(() => new Trial(data.Spec with { Model = model, Transfer = plan }, "encoder")).Message));
    }

    [Fact]
    public void File_that_can_not_be_run_stops_all_before_any_trains()
    {
        File.WriteAllBytes(data["tall.onnx"], SmallEncoders.MapsOfChannelsLast(new float[8], "n", "h", "w", 1));   // takes 4 channels after all

        var error = Assert.Throws<MedTransferException>(() => data.Run(data.Trial, On(Encoder("tall.onnx"), new() { Epochs = 1 })));

        Assert.Contains("tall.onnx: ", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(data.Runs, data.Trial.Name)));
    }

    private ModelOptions Encoder(string name, TokenPooling tokens = TokenPooling.Mean) => OnnxOptions.Model(data[name], PixelScale.Symmetric, tokens: tokens);

    private Trial On(ModelOptions model, FitOptions fit, long seed = 1) =>
        new(data.Spec with { Model = model, Transfer = TransferPlan.RandomFeatures, Fit = fit, Seed = seed }, "encoder");

    private List<string> Files() => [.. Directory.GetFiles(Path.Combine(data.Runs, "embeddings")).Order(StringComparer.Ordinal)];
}
