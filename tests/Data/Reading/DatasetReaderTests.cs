using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Tests.Runtime;
using TorchSharp;

namespace MedTransfer.Tests.Data.Reading;

public sealed class DatasetReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Grey_images_become_a_channel_of_bytes()
    {
        using var dataset = Load(DatasetFile.Binary());

        Assert.Equal((1, 4), (dataset.Info.Channels, dataset.Info.ImageSize));
        Assert.Equal([12, 1, 4, 4], dataset.Train.Images.shape);
        Assert.Equal(torch.ScalarType.Byte, dataset.Train.Images.dtype);
        Assert.Equal(Enumerable.Range(0, 192).Select(pixel => (byte)pixel), dataset.Train.Images.bytes.ToArray());
        Assert.Equal((6, 4), (dataset.Validation.Count, dataset.Test.Count));
    }

    [Fact]
    public void Colour_images_become_three_planes()
    {
        var arrays = DatasetFile.Binary();
        foreach (var split in new[] { "train", "val", "test" })
            arrays[$"{split}_images"] = Coloured((byte[,,])arrays[$"{split}_images"]);

        using var dataset = Load(arrays);

        Assert.Equal([12, 3, 4, 4], dataset.Train.Images.shape);
        // Image 1, row 2, column 3 is pixel 27 in grey; its colours are 27, 127 and 227.
        Assert.Equal([27, 127, 227], Enumerable.Range(0, 3).Select(channel => dataset.Train.Images[1, channel, 2, 3].item<byte>()));
    }

    [Theory]
    [InlineData("<i8")]
    [InlineData(">u2")]
    [InlineData("<f4")]
    [InlineData(">f8")]
    public void Images_of_other_types_become_the_same_bytes(string descr)
    {
        using var dataset = WithTrainImages(index => index % 251, descr);

        Assert.Equal(Enumerable.Range(0, 192).Select(pixel => (byte)pixel), dataset.Train.Images.bytes.ToArray());
    }

    [Theory]
    [InlineData("<i2", 256, "is 256: pixels must be 0 to 255")]
    [InlineData("<i2", -1, "is -1: pixels must be 0 to 255")]
    [InlineData("<f4", 382.5, "is 1.5: floating-point pixels must be 0 to 1")]
    [InlineData("<f4", double.NaN, "is NaN: floating-point pixels must be 0 to 1")]
    [InlineData("<f8", double.PositiveInfinity, "is Infinity: floating-point pixels must be 0 to 1")]
    public void Pixels_out_of_range_are_refused_with_their_place(string descr, double pixel, string message)
    {
        // Element 27 of (12, 4, 4) is image 1, row 2, column 3.
        var error = Assert.Throws<MedTransferException>(() => WithTrainImages(index => index == 27 ? pixel : 0, descr));

        Assert.Contains($"train_images[1, 2, 3] {message}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<f4")]
    [InlineData("<f8")]
    public void Floating_point_pixels_round_to_the_nearest_grey_level(string descr)
    {
        double[] levels = [0.4, 0.6, 99.49, 99.51, 254.4, 254.6];

        using var dataset = WithTrainImages(index => index < levels.Length ? levels[index] : 0, descr);

        Assert.Equal([0, 1, 99, 100, 254, 255], dataset.Train.Images.bytes[..6].ToArray());
    }

    [Fact]
    public void Images_outlive_the_dispose_scope_they_were_loaded_in()
    {
        Dataset dataset;
        using (torch.NewDisposeScope()) dataset = Load(DatasetFile.Binary());

        Assert.False(dataset.Train.Images.IsInvalid);
        dataset.Dispose();
        Assert.True(dataset.Train.Images.IsInvalid);
    }

    [Fact]
    public void Patients_are_carried_along()
    {
        var arrays = DatasetFile.Binary();
        arrays["train_patients"] = Enumerable.Range(100, 12).ToArray();

        using var dataset = Load(arrays);

        Assert.Equal(Enumerable.Range(100, 12).Select(patient => (long)patient), dataset.Train.Groups!);
        Assert.Null(dataset.Test.Groups);
    }

    [Fact]
    public void Other_arrays_are_passed_over()
    {
        var arrays = DatasetFile.Binary();
        arrays["note"] = new double[3];

        Load(arrays).Dispose();
    }

    [Fact]
    public void Missing_images_are_named() =>
        Assert.Contains("has no 'val_images', 'test_images' (it has 'test_labels', ", Refused(arrays =>
        {
            arrays.Remove("val_images");
            arrays.Remove("test_images");
        }), StringComparison.Ordinal);

    [Fact]
    public void Images_that_are_not_square_are_refused() =>
        Assert.Contains("val_images: shape (6, 4, 5), uint8: images must be square", Refused(a => a["val_images"] = new byte[6, 4, 5]), StringComparison.Ordinal);

    [Fact]
    public void Images_with_four_channels_are_refused() =>
        Assert.Contains("shape (6, 4, 4, 4), uint8: images are (N, H, W)", Refused(a => a["val_images"] = new byte[6, 4, 4, 4]), StringComparison.Ordinal);

    [Fact]
    public void Images_of_truth_values_are_refused() =>
        Assert.Contains("true or false", Refused(a => a["val_images"] = new bool[6, 4, 4]), StringComparison.Ordinal);

    [Fact]
    public void Split_of_another_size_is_refused() =>
        Assert.Contains("test_images: 1 channels of 8 pixels a side, train_images has 1 of 4", Refused(a => a["test_images"] = new byte[4, 8, 8]), StringComparison.Ordinal);

    [Fact]
    public void Training_split_without_images_is_refused() =>
        Assert.Contains("a training split without images", Refused(a => a["train_images"] = new byte[0, 4, 4]), StringComparison.Ordinal);

    [Fact]
    public void Patients_of_another_number_are_refused() =>
        Assert.Contains("train_patients: shape (3,) for 12 images", Refused(a => a["train_patients"] = new int[3]), StringComparison.Ordinal);

    [Fact]
    public void Images_that_are_not_the_catalogues_are_refused()
    {
        DatasetFile.Write(folder["a.npz"], DatasetFile.Binary());
        var source = new DatasetSource("pneumoniamnist", folder["a.npz"], "", MedMnist.TryFind("pneumoniamnist"));

        var error = Assert.Throws<MedTransferException>(() => source.Load());

        Assert.Contains("1 channels of 4 pixels a side, pneumoniamnist has 1 of 28", error.Message, StringComparison.Ordinal);
    }

    private Dataset Load(Dictionary<string, Array> arrays) => DatasetFile.Load(folder["a.npz"], arrays);

    private string Refused(Action<Dictionary<string, Array>> spoil)
    {
        var arrays = DatasetFile.Binary();
        spoil(arrays);
        var error = Assert.Throws<MedTransferException>(() => Load(arrays));
        Assert.StartsWith(folder["a.npz"], error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    /// <summary>A dataset whose training pixels, 0 to 255 by their index, are stored as another type (divided by 255 where it is a fraction).</summary>
    private Dataset WithTrainImages(Func<int, double> pixel, string descr)
    {
        var data = Enumerable.Range(0, 12 * 16).SelectMany(index => Element(pixel(index), descr)).ToArray();
        var files = DatasetFile.Binary().Where(array => array.Key != "train_images").Select(array =>
        {
            var stream = new MemoryStream();
            NpyWriter.Write(stream, array.Value);
            return ($"{array.Key}.npy", stream.ToArray());
        });
        File.WriteAllBytes(folder["b.npz"], NpyBytes.Zip([.. files, ("train_images.npy", NpyBytes.Of(descr, "(12, 4, 4)", data))]));
        return DatasetSource.Find(folder["b.npz"], new DataFolders([])).Load();
    }

    private static byte[] Element(double pixel, string descr)
    {
        var bytes = descr[1..] switch
        {
            "i2" => BitConverter.GetBytes((short)pixel),
            "u2" => BitConverter.GetBytes((ushort)pixel),
            "i8" => BitConverter.GetBytes((long)pixel),
            "f4" => BitConverter.GetBytes((float)(pixel / 255)),
            _ => BitConverter.GetBytes(pixel / 255),
        };
        if (descr[0] == '>') Array.Reverse(bytes);
        return bytes;
    }

    private static byte[,,,] Coloured(byte[,,] grey)
    {
        var colour = new byte[grey.GetLength(0), DatasetFile.Size, DatasetFile.Size, 3];
        foreach (var (index, pixel) in grey.Cast<byte>().Index())
        {
            for (var channel = 0; channel < 3; channel++)
                colour[index / 16, index / 4 % 4, index % 4, channel] = unchecked((byte)(pixel + 100 * channel));
        }
        return colour;
    }
}
