using MedTransfer.Recipes.Sections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class ExamplesTests
{
    [Fact]
    public void Surest_come_first_right_and_wrong_apart()
    {
        float[,] probabilities = { { 0.9f, 0.1f }, { 0.2f, 0.8f }, { 0.4f, 0.6f }, { 0.05f, 0.95f } };
        var (right, wrong) = Examples.surest(probabilities, new byte[,] { { 0 }, { 0 }, { 1 }, { 0 } });
        Assert.Equal([(0, 0, 0), (2, 1, 1)], right.Select(example => (example.Image, example.Class, example.Called)));
        Assert.Equal([(3, 0.95), (1, 0.8)], wrong.Select(example => (example.Image, Math.Round(example.Probability, 6))));
    }
}
