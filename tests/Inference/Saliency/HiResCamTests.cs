using MedTransfer.Data;
using MedTransfer.Inference.Saliency;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference.Saliency;

[Collection(OneAtATime.Name)]
public sealed class HiResCamTests : IDisposable
{
    private static readonly LearningTask Classes = LearningTask.Of(LabelTask.BinaryClass);
    private static readonly LearningTask Findings = LearningTask.Of(LabelTask.MultiLabel);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    // v = 2 b / 255 - 1; logits of the classes 2 d and 3 d, 3 b and 2 b: what tells class 1 from class 0 is b - d, so that brightness speaks for it
    // and darkness against it, though both raise its logit
    [Fact]
    public void Of_two_classes_it_shows_what_tells_them_apart()
    {
        using var model = TinyNetworks.BrightAndDark(new float[,] { { 1, 2 }, { 2, 1 } });
        using var images = TinyNetworks.Images(Ramp());

        var bright = new HiResCam(model, Classes).Of(images, 1, Stop);
        var dark = new HiResCam(model, Classes).Of(images, 0, Stop);

        Equal(pixel => Math.Max(0, Value(pixel)) / Value(63), bright);
        Equal(pixel => Math.Max(0, -Value(pixel)) / -Value(0), dark);
    }

    [Fact]
    public void Of_a_finding_it_shows_what_raises_its_logit()
    {
        using var model = TinyNetworks.BrightAndDark(new float[,] { { 1, 2 }, { 2, 1 } }, task: LabelTask.MultiLabel);
        using var images = TinyNetworks.Images(Ramp());

        Equal(pixel => (2 * Math.Max(0, Value(pixel)) + Math.Max(0, -Value(pixel))) / (2 * Value(63)), new HiResCam(model, Findings).Of(images, 1, Stop));
    }

    [Fact]
    public void Nothing_that_speaks_for_the_class_gives_a_map_of_zeros()
    {
        using var model = TinyNetworks.BrightAndDark(new float[,] { { 0, 1 }, { 1, 0 } });
        using var images = TinyNetworks.Images(new byte[1, 8, 8]);   // black

        Assert.All(new HiResCam(model, Classes).Of(images, 1, Stop).Cast<float>(), value => Assert.Equal(0, value));
        Assert.All(new HiResCam(model, Classes).Of(images, 0, Stop).Cast<float>(), value => Assert.Equal(1, value));
    }

    // a place of 2 x 2 pixels is seen as one of 8 x 8 places, and goes to the pixels around as bilinear enlarging has it: a quarter and three
    // quarters of the place, along rows as along columns, of which the highest is (3/4)^2; the dark around it, which speaks against the class, takes nothing off
    [Fact]
    public void Maps_are_enlarged_bilinearly_after_what_speaks_against_the_class_is_gone()
    {
        using var model = TinyNetworks.BrightAndDark(new float[,] { { 1, 2 }, { 2, 1 } }, side: 16, halved: true);
        var pixels = new byte[1, 16, 16];
        foreach (var (row, column) in new[] { (6, 6), (6, 7), (7, 6), (7, 7) })
            pixels[0, row, column] = 255;
        using var images = TinyNetworks.Images(pixels);

        var map = new HiResCam(model, Classes).Of(images, 1, Stop);

        double[] along = [0, 0, 0, 0, 0, 1 / 3.0, 1, 1, 1 / 3.0, 0, 0, 0, 0, 0, 0, 0];
        Equal(pixel => along[pixel / 16] * along[pixel % 16], map);
    }

    // of each value of the maps of both layers (7 and 3 places a side), in double precision, where a network of ReLUs and poolings is linear as far as
    // the step goes
    [Theory]
    [InlineData(LabelTask.BinaryClass, 0)]
    [InlineData(LabelTask.BinaryClass, 1)]
    [InlineData(LabelTask.MultiLabel, 1)]
    public void Values_are_weighted_by_the_slopes_that_finite_differences_find(LabelTask kind, int output)
    {
        const double Step = 1e-6;
        var task = LearningTask.Of(kind);
        using var single = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
        using var model = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
        model.to(ScalarType.Float64).eval();
        using var images = TinyNetworks.Images(Squares.Pixels(2));
        using var noGradient = no_grad();
        var expected = new float[2, Squares.Size, Squares.Size];
        for (var image = 0; image < 2; image++)
        {
            var one = images.Images(image, image + 1).to(ScalarType.Float64);
            var mean = (MapOf(one, 2) + MapOf(one, 3)) / 2;
            mean.div(mean.max()).to(ScalarType.Float32).data<float>().CopyTo(UnitRange.MapOf(expected, image));
        }

        Equal(expected.Cast<float>(), new HiResCam(single, task).Of(images, output, Stop), 1e-4);

        Tensor MapOf(Tensor image, int layer)
        {
            var maps = model.Layers.MapsOf(image, layer);
            var steps = eye(maps.numel(), dtype: ScalarType.Float64).mul(Step).reshape([-1, .. maps.shape[1..]]);
            var slopes = (Score(maps + steps, layer) - Score(maps - steps, layer)).div(2 * Step).reshape(maps.shape);
            var enlarged = nn.functional.interpolate(maps.mul(slopes).sum(1, keepdim: true).relu(), [Squares.Size, Squares.Size], mode: InterpolationMode.Bilinear, align_corners: false);
            return enlarged.div(enlarged.max());
        }

        Tensor Score(Tensor maps, int layer) => task.LogOdds(model.Logits(model.Layers.FromMaps(maps, layer)), output);
    }

    [Theory]
    [InlineData("convNet", 28, new[] { 2, 3 })]   // 14, 7 and 3 places
    [InlineData("convNet", 64, new[] { 3 })]
    [InlineData("convNet", 8, new[] { 1 })]   // 4, 2 and 1
    [InlineData("resNet18", 64, new[] { 6, 8 })]   // 16, 16, 8, 4 and 2 in stem and stages
    [InlineData("resNet18", 224, new[] { 10 })]   // the last block, as published
    public void Layers_are_the_last_whose_maps_have_seven_and_three_places_a_side(string name, int side, int[] layers)
    {
        using var model = Classifier.Create(new() { Architecture = Architecture.TryFind(name)! }, Squares.Info with { ImageSize = side }, 1);
        model.eval();
        using var noGradient = no_grad();

        Assert.Equal(layers, HiResCam.LayersOf(model.Layers, zeros([1, 1, side, side])));
    }

    [Fact]
    public void Maps_of_the_last_block_lead_to_the_embedding_too()
    {
        using var model = Classifier.Create(new() { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 1) }, Squares.Info, 1);
        model.eval();
        using var noGradient = no_grad();
        var images = rand([2, 1, 64, 64]);

        for (var layer = 1; layer <= model.Layers.MapLayers; layer++)
        {
            var maps = model.Layers.MapsOf(images, layer);
            Assert.Equal(4, maps.dim());
            Assert.True(model.Features.call(images).allclose(model.Layers.FromMaps(maps, layer)));
        }
    }

    [Fact]
    public void Model_keeps_its_weights_their_flags_and_has_no_gradients()
    {
        using var model = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
        model.Head.bias!.requires_grad = false;
        model.train();
        var (bits, flags) = (model.Bits(), model.parameters().Select(weight => weight.requires_grad).ToArray());
        using var images = TinyNetworks.Images(Squares.Pixels(3));

        float[,,] maps;
        using (no_grad())
            maps = new HiResCam(model, Classes).Of(images, 1, Stop);
        Assert.True(is_grad_enabled());

        Assert.Contains(maps.Cast<float>(), value => value == 1);
        Assert.Equal(bits, model.Bits());
        Assert.Equal(flags, model.parameters().Select(weight => weight.requires_grad));
        Assert.All(model.parameters(), weight => Assert.True(weight.grad is null));
        Assert.False(model.training);
    }

    [Fact]
    public void Frozen_model_has_the_same_maps()
    {
        using var model = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
        using var images = TinyNetworks.Images(Squares.Pixels(3));
        var expected = new HiResCam(model, Classes).Of(images, 1, Stop);

        foreach (var weight in model.parameters())
            weight.requires_grad = false;

        Assert.Equal(expected.Cast<float>(), new HiResCam(model, Classes).Of(images, 1, Stop).Cast<float>());
    }

    [Fact]
    public void Maps_do_not_depend_on_the_batches_and_leave_no_tensors_behind()
    {
        using var model = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
        using var images = TinyNetworks.Images(Squares.Pixels(140));   // 128 at a time
        using var last = TinyNetworks.Images(Excerpt(Squares.Pixels(140), 139));
        var cam = new HiResCam(model, Classes);
        var all = cam.Of(images, 1, Stop);
        var alive = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        var again = cam.Of(images, 1, Stop);

        Assert.Equal(alive, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        Assert.Equal(all.Cast<float>(), again.Cast<float>());
        Equal(all.Cast<float>().Skip(139 * 28 * 28), cam.Of(last, 1, Stop), 1e-4);
    }

    [Fact]
    public void Model_without_maps_and_outputs_that_are_not_there_are_refused()
    {
        using var corners = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 1, 1 } });
        using var model = TinyNetworks.BrightAndDark(new float[,] { { 0, 0 }, { 1, 1 } });
        using var images = TinyNetworks.Images(Ramp());

        Assert.EndsWith("use occlusion.", Assert.Throws<MedTransferException>(() => new HiResCam(corners, Classes).Of(images, 1, Stop)).Message, StringComparison.Ordinal);
        Assert.All([-1, 2], output => Assert.Throws<MedTransferException>(() => new HiResCam(model, Classes).Of(images, output, Stop)));
    }

    [Fact]
    public void Ends_when_it_is_told_to()
    {
        using var model = TinyNetworks.BrightAndDark(new float[,] { { 0, 0 }, { 1, 1 } });
        using var images = TinyNetworks.Images(Ramp());

        Assert.ThrowsAny<OperationCanceledException>(() => new HiResCam(model, Classes).Of(images, 1, new CancellationToken(canceled: true)));
    }

    // 0, 4, ..., 252, row after row
    private static byte[,,] Ramp()
    {
        var pixels = new byte[1, 8, 8];
        for (var pixel = 0; pixel < 64; pixel++)
            pixels[0, pixel / 8, pixel % 8] = (byte)(4 * pixel);
        return pixels;
    }

    private static double Value(int pixel) => 2 * 4 * pixel / 255.0 - 1;

    private static byte[,,] Excerpt(byte[,,] pixels, int image)
    {
        var one = new byte[1, pixels.GetLength(1), pixels.GetLength(2)];
        Buffer.BlockCopy(pixels, image * one.Length, one, 0, one.Length);
        return one;
    }

    private static void Equal(Func<int, double> expected, float[,,] map) => Equal(Enumerable.Range(0, map.Length).Select(pixel => (float)expected(pixel)), map, 1e-5);

    private static void Equal(IEnumerable<float> expected, float[,,] map, double tolerance) =>
        Assert.Equal(expected, map.Cast<float>(), (a, b) => Math.Abs(a - b) <= tolerance);
}
