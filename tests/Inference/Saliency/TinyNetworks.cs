using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Models.Onnx.Export;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference.Saliency;

/// <summary>Classifiers of grey images of which one can say by hand where they look.</summary>
internal static class TinyNetworks
{
    /// <summary>
    /// Two maps, how bright and how dark each place is: max(0, v) and max(0, -v) of a pixel v; the embedding is the mean of each.
    /// </summary>
    /// <param name="head">(K, 2), for each output the weights of brightness and darkness.</param>
    /// <param name="halved">Whether the maps have half as many places a side, each the mean of four.</param>
    public static Classifier BrightAndDark(float[,] head, int side = 8, bool halved = false, LabelTask task = LabelTask.MultiClass) =>
        Of(() => new BrightAndDarkMaps(halved), head, side, task);

    /// <summary>Sees the means of the 4 x 4 pixels at the upper left and at the lower right, and has no maps.</summary>
    /// <param name="head">(K, 2), for each output the weights of the two corners.</param>
    public static Classifier Corners(float[,] head, int side = 8, LabelTask task = LabelTask.MultiClass) => Of(() => new TwoCorners(), head, side, task);

    /// <summary>Images of these grey levels, (n, S, S).</summary>
    public static ImageSet Images(byte[,,] pixels)
    {
        using var split = Squares.Split(pixels, new byte[pixels.GetLength(0), 1]);
        return new ImageSet(split, CPU);
    }

    private static Classifier Of(Func<FeatureLayers> features, float[,] head, int side, LabelTask task)
    {
        var architecture = new Architecture((_, _) => features()) { Name = "tiny", Title = "tiny", Description = "a test's", EmbeddingWidth = (_, _) => 2 };
        var names = Enumerable.Range(0, head.GetLength(0)).Select(output => $"output {output}");
        var model = Classifier.Create(new() { Architecture = architecture }, new DatasetInfo("tiny", task, 1, side, [.. names]), 1);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        model.Head.weight.copy_(tensor(head));
        model.Head.bias!.zero_();
        return model;
    }

    private sealed class BrightAndDarkMaps(bool halved) : FeatureLayers(nameof(BrightAndDarkMaps), new())
    {
        public override int MapLayers => 1;

        protected override Tensor Pass(Tensor values, int from, int to)
        {
            var maps = cat([values.relu(), values.neg().relu()], 1);
            return halved ? nn.functional.avg_pool2d(maps, 2) : maps;
        }

        protected override Tensor Embedding(Tensor values) => values.mean([2, 3]);

        protected override string AddLayers(OnnxGraph graph, GraphImages images) => throw new NotSupportedException("not exported");
    }

    private sealed class TwoCorners() : FeatureLayers(nameof(TwoCorners), new())
    {
        protected override Tensor Pass(Tensor values, int from, int to) => cat([Corner(values, 0), Corner(values, values.shape[2] - 4)], 1);

        protected override string AddLayers(OnnxGraph graph, GraphImages images) => throw new NotSupportedException("not exported");

        private static Tensor Corner(Tensor values, long start) => values.narrow(2, start, 4).narrow(3, start, 4).mean([2, 3]);
    }
}
