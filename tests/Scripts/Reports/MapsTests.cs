using MedTransfer.Recipes;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Scripts.Reports;

public class MapsTests
{
    private static readonly float[,] Points = { { 0 }, { 1 }, { 2 }, { 10 }, { 11 }, { 12 }, { 13 } };

    [Fact]
    public void Classes_do_not_separate_where_all_images_are_of_one() =>
        Assert.Equal("silhouette undefined, 5-NN ACC undefined", Maps.separationText(new LabelledEmbeddings(Points, [1, 1, 1, 1, 1, 1, 1])));

    [Fact]
    public void Neighbours_of_two_classes_vote() =>
        Assert.EndsWith(", 5-NN ACC 0.571", Maps.separationText(new LabelledEmbeddings(Points, [0, 0, 0, 1, 1, 1, 1])), StringComparison.Ordinal);
}
