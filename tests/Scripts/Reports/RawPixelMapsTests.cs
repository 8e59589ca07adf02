using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Tests.Training;
using MedTransfer.Tests.Trials;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Reports;

/// <summary>A regression on pixels keeps no embeddings: maps of it are of the pixels of its set.</summary>
[Collection(OneAtATime.Name)]
public sealed class RawPixelMapsTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Maps_of_a_regression_on_pixels_show_the_pixels_and_of_other_controls_say_that_there_is_nothing()
    {
        var results = data.Run(Control(Architecture.PixelRegression, data.Source), Control(Architecture.MajorityClass, data.Source));

        Assert.Equal(2 * 2, Explore.maps(results[0]).Length);   // PCA and t-SNE of two splits
        Assert.Contains("a control that sees nothing of the image", Assert.Throws<MedTransferException>(() => Explore.maps(results[1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_of_averaged_pixels_say_so()
    {
        var images = new byte[8, 64, 64];
        for (var i = 0; i < images.Length; i++)
            images[i / 4096, i / 64 % 64, i % 64] = (byte)(i * 7 % 251);
        NpzWriter.Write(data["large.npz"],
        [
            new("train_images", images), new("train_labels", Squares.Labels(8)),
            new("val_images", images), new("val_labels", Squares.Labels(8)),
            new("test_images", images), new("test_labels", Squares.Labels(8)),
        ]);
        var source = DatasetSource.Find(data["large.npz"], new DataFolders([]));
        using var runner = new TrialRunner(data.Runs, [source]);
        var result = runner.Run([Control(Architecture.PixelRegression, source)], cancellation: TestContext.Current.CancellationToken)[0];

        var shown = Maps.represent(
            TestContext.Current.CancellationToken, FuncConvert.FromFunc<DataReference, Dataset>(runner.Load), ListModule.OfSeq([Tuple.Create("raw pixels", result)]));

        Assert.Equal(["raw pixels (averaged to 28 x 28)", "raw pixels (averaged to 28 x 28)"], shown.Select(map => map.Of));
        Assert.All(shown, map => Assert.Equal(28 * 28, map.Embeddings.Points.GetLength(1)));
    }

    [Fact]
    public void Result_says_what_was_not_transferred()
    {
        var child = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin), Model = new() { Latent = 9 } }, "wider");

        var results = data.Run(data.Trial, child);

        Assert.DoesNotContain("not transferred", Describe.result(results[0]), StringComparison.Ordinal);
        Assert.EndsWith("not transferred: features.latent: weight is (8, 576), not (9, 576), bias is (8), not (9)", Describe.result(results[1]), StringComparison.Ordinal);
    }

    private static Trial Control(Architecture architecture, DatasetSource source) => new(
        new TrialSpec
        {
            Data = new DataReference { Path = source.Path, Digest = source.Md5 },
            Model = new() { Architecture = architecture },
            Transfer = TransferPlan.RandomFeatures,
            Fit = new() { Solver = Solver.LogisticRegression },
        },
        "control");
}
