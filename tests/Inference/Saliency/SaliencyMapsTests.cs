using MedTransfer.Data;
using MedTransfer.Inference.Saliency;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Tasks;
using MedTransfer.Tests.Models.Onnx;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference.Saliency;

[Collection(OneAtATime.Name)]
public sealed class SaliencyMapsTests : IDisposable
{
    private static readonly LearningTask Task = LearningTask.Of(LabelTask.BinaryClass);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    public static TheoryData<string, SaliencyMethod> Methods => new()
    {
        { "convNet", SaliencyMethod.HiResCam },
        { "resNet18", SaliencyMethod.HiResCam },
        { "pixelRegression", SaliencyMethod.Occlusion },
        { "majorityClass", SaliencyMethod.Occlusion },
        { "meanBrightness", SaliencyMethod.Occlusion },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void Method_is_what_the_network_allows(string name, SaliencyMethod method)
    {
        using var model = Classifier.Create(new() { Architecture = Architecture.TryFind(name)! }, Squares.Info, 1);
        using var images = TinyNetworks.Images(Squares.Pixels(2));

        var maps = SaliencyMaps.Of(model, Task, images, 1, Stop);

        var expected = method == SaliencyMethod.HiResCam ? new HiResCam(model, Task).Of(images, 1, Stop) : new Occlusion(model, Task).Of(images, 1, Stop);
        Assert.Equal(method, maps.Method);
        Assert.Equal(expected.Cast<float>(), maps.Values.Cast<float>());
        Assert.Equal((2, 28, 28), (maps.Values.GetLength(0), maps.Values.GetLength(1), maps.Values.GetLength(2)));
        Assert.All(maps.Values.Cast<float>(), value => Assert.InRange(value, 0, 1));
    }

    // its embedding are the pixels, of which the head weighs one
    [Fact]
    public void Encoder_of_an_ONNX_file_is_seen_by_occlusion()
    {
        File.WriteAllBytes(folder["rows.onnx"], SmallEncoders.Rows(both: true));
        var options = OnnxOptions.Model(folder["rows.onnx"], PixelScale.Symmetric, output: "vector");
        using var model = Classifier.Create(options, Squares.Info with { ImageSize = 8 }, 1);
        using (no_grad())
        {
            model.Head.weight.zero_();
            model.Head.weight[1, 2 * 8 + 5] = 1;
        }

        var pixels = new byte[1, 8, 8];
        pixels[0, 2, 5] = 255;
        using var images = TinyNetworks.Images(pixels);

        var maps = SaliencyMaps.Of(model, Task, images, 1, Stop);

        Assert.Equal(SaliencyMethod.Occlusion, maps.Method);
        Assert.Equal(1, maps.Values[0, 2, 5], 1e-5);
        Assert.Equal(0, maps.Values[0, 6, 1], 1e-5);
    }
}
