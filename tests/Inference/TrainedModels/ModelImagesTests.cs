using MedTransfer.Inference.TrainedModels;

namespace MedTransfer.Tests.Inference.TrainedModels;

/// <summary>Images of another set as a model sees them.</summary>
public sealed class ModelImagesTests
{
    // a plain folder has no validation images
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Images_of_another_size_become_as_large_as_the_models(int count)
    {
        using var images = TinyModel.Grey(new byte[count, 64, 64]);
        using var seen = ModelImages.Of(images, TinyModel.Description, "large");

        Assert.Equal((1, 28, 28), seen.Source.Shape);
        Assert.Equal(count, seen.Count);
    }
}
