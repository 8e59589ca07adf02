using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Models.Onnx;
using MedTransfer.Models.Onnx.Export;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using TorchSharp;
using static MedTransfer.Tests.Models.Onnx.Export.Exports;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models.Onnx.Export;

/// <summary>Raw images become in the file what the import makes of them, to the byte: sums there are of whole numbers, and exact.</summary>
[Collection(OneAtATime.Name)]
public sealed class ExportedFrontTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    /// <summary>Height and width of images, and what they become.</summary>
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 28, 28, 28 },
        { 56, 56, 28 },     // means of four, half of which lie between two bytes
        { 64, 64, 28 },
        { 9, 9, 28 },
        { 14, 14, 28 },
        { 20, 61, 28 },     // down across, up along columns where it is squashed
        { 61, 20, 28 },
        { 29, 28, 28 },
        { 1, 200, 28 },
        { 3, 5, 8 },
        { 5, 16, 8 },       // kept in proportion 2.5 pixels high
        { 7, 13, 9 },       // halves of pixels in cropping and padding
        { 333, 250, 64 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Raw_images_become_what_the_import_makes_of_them(int height, int width, int side)
    {
        foreach (var fit in Enum.GetValues<Fit>())
        {
            foreach (var channels in (int[])[1, 3])
            {
                var images = Noise(2, height, width, channels);

                Assert.Equal(ByImport(images, height, width, channels, side, fit).Select(ToModel), ByGraph(images, height, width, channels, side, fit));
            }
        }
    }

    [Theory]
    [InlineData(Fit.Pad)]
    [InlineData(Fit.Crop)]
    [InlineData(Fit.Squash)]
    public void Images_of_the_size_that_is_wanted_stay_as_they_are(Fit fit)
    {
        var images = Enumerable.Range(0, 256).Select(level => (byte)level).ToArray();

        Assert.Equal(images.Select(ToModel), ByGraph(images, 16, 16, 1, 16, fit));
    }

    [Theory]
    [InlineData(40, 40, Fit.Pad)]
    [InlineData(20, 20, Fit.Squash)]
    [InlineData(31, 70, Fit.Pad)]
    [InlineData(70, 31, Fit.Crop)]
    public void Model_says_of_raw_images_what_it_says_of_imported_ones(int height, int width, Fit fit)
    {
        var data = Info(3, 28);
        var images = Noise(4, height, width, 3);
        using var model = Model(new(), data);

        var exported = Exported(model, data, images, height, width, folder["model.onnx"], fit);

        var planes = tensor(ByImport(images, height, width, 3, 28, fit)).reshape(4, 3, 28, 28);
        AssertClose(Expected(model, data, planes.permute(0, 2, 3, 1).contiguous().bytes.ToArray()), exported);
    }

    // as a model's images are in training
    private static float ToModel(byte level) => level * (float)(2.0 / 255) - 1;

    // N x C x S x S
    private static byte[] ByImport(byte[] images, int height, int width, int channels, int side, Fit fit) =>
        [.. images.Chunk(height * width * channels).SelectMany(image => PixelPipeline.ToBytes(
            new DecodedImage(width, height, channels, Array.ConvertAll(image, level => (float)level)) { Range = new(0, 255) }, channels, new() { ImageSize = side, Fit = fit }))];

    private float[] ByGraph(byte[] images, int height, int width, int channels, int side, Fit fit)
    {
        var graph = new OnnxGraph();
        graph.Input("raw", OnnxGraph.UInt8, OnnxDimension.Free("N"), OnnxDimension.Free("H"), OnnxDimension.Free("W"), OnnxDimension.Of(channels));
        var made = ImageFront.Add(graph, "raw", Info(channels, side), fit);
        graph.Output(made.Name, OnnxGraph.Float32, OnnxDimension.Free("N"), OnnxDimension.Of(channels), OnnxDimension.Of(side), OnnxDimension.Of(side));
        using (var file = File.Create(folder["front.onnx"]))
            graph.ToModel(new Dictionary<string, string>()).WriteTo(file);
        using var session = new OnnxSession(OnnxFile.Read(folder["front.onnx"]), threads: 1);
        var (values, shape) = session.Run("raw", images, [images.Length / (height * width * channels), height, width, channels], made.Name);
        Assert.Equal([images.Length / (height * width * channels), channels, side, side], shape);
        return values;
    }
}
