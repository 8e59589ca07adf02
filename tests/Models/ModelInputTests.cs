using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class ModelInputTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    // PyTorch 1.13: interpolate(arange(16.).reshape(1, 1, 4, 4), size, mode="bilinear", antialias=True), first row
    [Theory]
    [InlineData(3, new[] { 1.5f, 2.7f, 3.9f })]
    [InlineData(6, new[] { 0f, 0.5f, 1.1666666f, 1.8333334f, 2.5f, 3f })]
    public void Images_are_resized_bilinearly_and_antialiased_when_they_shrink(int size, float[] row)
    {
        var images = arange(16, ScalarType.Float32).reshape(1, 1, 4, 4);

        Assert.Equal(row, new ModelInput { ImageSize = size }.Of(images).reshape(size, size)[0].data<float>().ToArray(), new Near());
    }

    [Fact]
    public void Grey_images_are_scaled_as_red_green_and_blue_where_each_has_a_scale_of_its_own()
    {
        var black = new ModelInput { Pixels = PixelScale.ImageNet }.Of(full([1, 1, 8, 8], -1));
        var white = new ModelInput { Pixels = PixelScale.ImageNet }.Of(full([1, 3, 8, 8], 1));

        Assert.Equal([1, 3, 8, 8], black.shape);
        Assert.Equal([-2.1179039f, -2.0357144f, -1.8044444f], black.select(2, 0).select(2, 0).reshape(3).data<float>().ToArray(), new Near());
        Assert.Equal([2.2489083f, 2.4285715f, 2.64f], white.select(2, 0).select(2, 0).reshape(3).data<float>().ToArray(), new Near());
    }

    [Fact]
    public void Nothing_happens_to_images_that_are_as_asked_for()
    {
        var images = rand([2, 1, 28, 28]);

        Assert.Same(images, new ModelInput().Of(images));
        Assert.Same(images, new ModelInput { ImageSize = 28, Pixels = new([0.5], [0.5]) }.Of(images));
    }

    [Theory]
    [InlineData(1, false, 1)]
    [InlineData(3, false, 3)]
    [InlineData(1, true, 3)]
    public void Channels_are_the_images_own_but_for_a_scale_of_three(int channels, bool ofThree, int seen) =>
        Assert.Equal(seen, new ModelInput { Pixels = ofThree ? PixelScale.ImageNet : PixelScale.Unit }.ChannelsOn(new("images", LabelTask.BinaryClass, channels, 28, ["no", "yes"])));

    [Fact]
    public void Scales_of_the_same_numbers_are_equal()
    {
        Assert.Equal(PixelScale.ImageNet, new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]));
        Assert.NotEqual(PixelScale.Symmetric, PixelScale.Unit);
        Assert.Equal(new ModelOptions { Input = new() { Pixels = new([0], [1]) } }, new ModelOptions { Input = new() { Pixels = PixelScale.Unit } });
    }

    [Theory]
    [InlineData(7, "The image size is 7, but must be 8 to 1024 pixels a side.")]
    [InlineData(1025, "The image size is 1025, but must be 8 to 1024 pixels a side.")]
    public void Sizes_out_of_range_are_refused(int size, string message) =>
        Assert.Equal(message, Assert.Throws<MedTransferException>(() => new ModelOptions { Input = new() { ImageSize = size } }.Checked()).Message);

    [Fact]
    public void Scales_that_can_not_be_are_refused()
    {
        string Refusal(double[] means, double[] deviations) => Assert.Throws<MedTransferException>(() => new ModelInput { Pixels = new(means, deviations) }.Checked()).Message;

        Assert.Equal("The scale of pixels has 2 means and 2 deviations, but must have one of each, or three.", Refusal([0, 0], [1, 1]));
        Assert.Equal("The scale of pixels has 1 means and 3 deviations, but must have one of each, or three.", Refusal([0], [1, 1, 1]));
        Assert.Equal("The deviation of pixels is 0, but must be above 0.", Refusal([0], [0]));
        Assert.Equal("The mean of pixels is NaN, but must be a number.", Refusal([double.NaN], [1]));
        Assert.Equal(
            "The scale of pixels has 123.7, but pixels are from 0 to 1, and so are their mean and deviation: divide what is of pixels from 0 to 255 by 255.", Refusal([123.7, 116.3, 103.5], [58.4, 57.1, 57.4]));
    }

    private sealed class Near : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) < 1e-5;

        public int GetHashCode(float value) => 0;
    }
}
