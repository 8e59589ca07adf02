using MedTransfer.Data;
using MedTransfer.Data.Formats;
using MedTransfer.Inference.TrainedModels;
using MedTransfer.Models.Onnx.Export;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;

namespace MedTransfer.Tests.Inference.TrainedModels;

[Collection(OneAtATime.Name)]
public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TrainedModel model = TinyModel.Create();

    public ModelFolderTests()
    {
        Directory.CreateDirectory(Model);
        using var images = TinyModel.Images();
        ModelFolder.Write(Model, model, images);
    }

    private string Model => folder["model"];

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Model_that_is_read_again_says_the_same()
    {
        using var read = ModelFolder.Open(Model);
        using var images = TinyModel.Images(20, first: 3);

        var (before, after) = (model.Answer(images, TestContext.Current.CancellationToken), read.Answer(images, TestContext.Current.CancellationToken));

        Assert.Equal(before.Probabilities.Cast<float>(), after.Probabilities.Cast<float>());
        var levels = ImageLevels.Of(images);
        Assert.Equal(model.Known.Compare(levels[0], Row(before.Embeddings, 0)), read.Known.Compare(levels[0], Row(after.Embeddings, 0)));
        Assert.False(read.Known.Compare(levels[0], Row(after.Embeddings, 0)).IsTrainingImage);
        using var learned = TinyModel.Images(1);
        Assert.True(read.Known.Compare(ImageLevels.Of(learned)[0], Row(after.Embeddings, 0)).IsTrainingImage);
        Assert.Equal(["model.onnx", "model.safetensors", "training-images.safetensors"], read.Description.Files.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Onnx_file_says_what_the_model_does_temperature_included()
    {
        using var images = TinyModel.Images(20, first: 3);
        using var exported = ExportedModel.Open(Path.Combine(Model, ModelFolder.OnnxFile));

        var theirs = exported.Probabilities(images.Images.data<byte>().ToArray(), 28, 28);

        Assert.Equal(0, model.Answer(images, TestContext.Current.CancellationToken).Probabilities.Cast<float>().Zip(theirs.Cast<float>(), (own, other) => Math.Abs(own - other)).Max(), 1e-5f);
        using var read = ModelFolder.Open(Model);
        Assert.InRange(read.Description.Onnx!.LargestDifference, 0, 1e-5);
        Assert.Equal((18, 40), (read.Description.Onnx.Opset, read.Description.Onnx.TriedImages));
        Assert.Equal("""["healthy","ill"]""", exported.Metadata["labels"]);
    }

    // p^2 / (p^2 + (1 - p)^2): a temperature of a half doubles the logits
    [Fact]
    public void Temperature_and_threshold_decide()
    {
        var scaled = model.Scaled(new[,] { { .25f, .75f } });

        Assert.Equal(.9, scaled[0, 1], 1e-6);
        Assert.Equal([1], model.Called([.4f, .6f]));
        Assert.Equal([0], model.Called([.41f, .59f]));
    }

    [Fact]
    public void Likeliest_of_several_classes_is_called_and_every_finding_above_its_threshold()
    {
        using var classes = TinyModel.Create(TinyModel.Description with { Task = LabelTask.MultiClass, Labels = ["a", "b", "c"], PositiveClass = null, Thresholds = [], Temperature = null });
        using var findings = TinyModel.Create(TinyModel.Description with { Task = LabelTask.MultiLabel, Labels = ["a", "b", "c"], PositiveClass = null, Thresholds = [.2, null, .9], Temperature = null });

        Assert.Equal([2], classes.Called([.3f, .3f, .4f]));
        Assert.Equal([0, 1], findings.Called([.2f, .5f, .89f]));
        Assert.Empty(findings.Called([.1f, .4f, .1f]));
    }

    [Theory]
    [InlineData(ModelFolder.OnnxFile)]
    [InlineData(ModelFolder.WeightsFile)]
    [InlineData(ModelFolder.ImagesFile)]
    public void File_that_was_changed_by_hand_is_refused(string name)
    {
        var path = Path.Combine(Model, name);
        var bytes = File.ReadAllBytes(path);
        bytes[^5] ^= 1;
        File.WriteAllBytes(path, bytes);

        Refused($"{path}: was changed since the model was made (its SHA-256 is another than model.json says): copy it again, or make the model anew with transfer.fsx.");
        File.Delete(path);
        Refused($"{path}: is missing: copy the whole folder, or make the model anew with transfer.fsx.");
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "is of version 2, and 1 is read here: use the version of the software that made it, or make it anew with transfer.fsx.")]
    [InlineData("\"MedTransfer model\"", "\"another\"", "does not describe a model: name a folder that transfer.fsx left, reports/transfer/model for one.")]
    [InlineData("\"temperature\": 0.5", "\"temperature\": -1", "its temperature is not above 0: it was changed or is damaged, so copy it again, or make it anew with transfer.fsx.")]
    [InlineData("\"thresholds\": [", "\"thresholds\": [ 0.1,", "its thresholds are not those of its labels: it was changed or is damaged, so copy it again, or make it anew with transfer.fsx.")]
    [InlineData("\"channels\": 1", "\"channels\": 2", "its labels, channels or positive class can't be: it was changed or is damaged, so copy it again, or make it anew with transfer.fsx.")]
    [InlineData("\"convNet\"", "\"vgg\"", "can't be read (")]
    [InlineData("{", "", "can't be read (")]
    public void Description_that_can_not_be_is_refused_in_one_line(string from, string to, string message)
    {
        var path = Path.Combine(Model, ModelFolder.DescriptionFile);
        var text = File.ReadAllText(path);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + to + text[(at + from.Length)..]);

        var said = Assert.Throws<MedTransferException>(() => ModelFolder.Open(Model)).Message;

        Assert.StartsWith($"{path}: {message}", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    [Fact]
    public void Folder_that_is_no_model_is_refused()
    {
        Directory.CreateDirectory(folder["empty"]);
        File.WriteAllText(folder["file"], "");

        Assert.Equal($"{folder["empty"]}: is no model, as it has no model.json: name a folder that transfer.fsx left, reports/transfer/model for one.", MessageOf(folder["empty"]));
        Assert.Equal($"{folder["none"]}: is not there: make a model with transfer.fsx, or name its folder with --model.", MessageOf(folder["none"]));
        Assert.Equal($"{folder["file"]}: is a file, but a model is a folder with model.json: name the folder.", MessageOf(folder["file"]));
    }

    [Fact]
    public void Image_of_any_size_is_read_as_those_that_it_learned_from()
    {
        File.WriteAllBytes(folder["wide.png"], Png.Encode([.. Enumerable.Range(0, 56 * 28).Select(i => (byte)200)], 56, 28, 1));
        File.WriteAllBytes(folder["small.png"], Png.Encode([.. Enumerable.Range(0, 3 * 10 * 10).Select(i => (byte)(i % 3 * 100))], 10, 10, 3));

        var wide = ModelImages.Read(folder["wide.png"], TinyModel.Description);
        var small = ModelImages.Read(folder["small.png"], TinyModel.Description);

        // half as high as wide: a quarter of black above and below
        Assert.Equal((0, 200, 0), (wide.Planes[6 * 28], wide.Planes[14 * 28], wide.Planes[21 * 28]));
        Assert.Empty(wide.Remarks);
        Assert.Equal(["it is in colour, and the model learned from grey images", "it has 10 x 10 pixels, fewer than the 28 x 28 that the model learned from"], small.Remarks);
    }

    private static float[] Row(float[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private static string MessageOf(string path) => Assert.Throws<MedTransferException>(() => ModelFolder.Open(path)).Message;

    private void Refused(string message) => Assert.Equal(message, MessageOf(Model));
}
