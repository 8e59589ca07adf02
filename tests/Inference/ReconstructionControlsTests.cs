using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference;

[Collection(OneAtATime.Name)]
public sealed class ReconstructionControlsTests
{
    private const int Size = 12;

    [Fact]
    public void Images_of_two_directions_are_drawn_exactly_with_two_components_and_not_with_one()
    {
        using var data = TwoDirections();

        var two = ReconstructionControls.Of(data, 2);
        var one = ReconstructionControls.Of(data, 1);

        Assert.InRange(two.Pca.Mse, 0, 1e-9);
        Assert.InRange(two.Pca.Ssim, 0.9999, 1);
        Assert.InRange(one.Pca.Mse, 1e-4, one.MeanImage.Mse);
        Assert.Equal(one.MeanImage, two.MeanImage);
    }

    [Fact]
    public void Mean_image_is_that_of_the_training_images()
    {
        using var data = TwoDirections();
        using var scope = NewDisposeScope();
        var mean = data.Train.Images.to(ScalarType.Float64).div(255).mean([0]);
        var expected = (data.Test.Images.to(ScalarType.Float64).div(255) - mean).square().mean().item<double>();

        Assert.Equal(expected, ReconstructionControls.Of(data, 2).MeanImage.Mse, 1e-7);
    }

    [Fact]
    public void Width_beyond_the_images_is_cut_to_what_there_can_be()
    {
        using var data = TwoDirections();

        Assert.Equal(20, ReconstructionControls.Of(data, 64).Components);
    }

    // grey, with a bright left part and a bright upper part of changing strength
    private static Dataset TwoDirections()
    {
        Split Images(int count, int first)
        {
            var pixels = new byte[count, 1, Size, Size];
            for (var image = 0; image < count; image++)
            {
                for (var row = 0; row < Size; row++)
                {
                    for (var column = 0; column < Size; column++)
                        pixels[image, 0, row, column] = (byte)(40 + (column < 4 ? 5 * ((image + first) % 7) : 0) + (row < 5 ? 7 * ((image + first) % 5) : 0));
                }
            }

            return new Split(tensor(pixels.Cast<byte>().ToArray()).reshape(count, 1, Size, Size), Labels.Empty(count), null);
        }

        return new Dataset(new DatasetInfo("two", null, 1, Size, []), "", Images(20, 0), Images(10, 3), Images(15, 5));
    }
}
