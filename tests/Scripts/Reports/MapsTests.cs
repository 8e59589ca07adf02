using MedTransfer.Data;
using MedTransfer.Recipes;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Reports;

public class MapsTests
{
    private static readonly float[,] Points = { { 0 }, { 1 }, { 2 }, { 10 }, { 11 }, { 12 }, { 13 } };

    [Fact]
    public void Classes_do_not_separate_where_all_images_are_of_one() =>
        Assert.Equal("silhouette undefined, 5-NN ACC undefined", Maps.separationText(new LabelledEmbeddings(Points, [1, 1, 1, 1, 1, 1, 1])));

    [Fact]
    public void How_many_and_what_the_largest_class_would_have_right_stands_beside_the_neighbours()
    {
        var representation = new Maps.Representation("pixels", SplitName.Train, new LabelledEmbeddings(Points, [0, 0, 0, 1, 1, 1, 1]), Points, null);

        var table = Maps.separability(ListModule.OfSeq([representation]));

        Assert.Equal(
            ["7", "0.571", "0.571", "too few"],
            new[] { "images", "largest class", "5-NN ACC", "5-NN ACC, t-SNE" }.Select(column => table.Cell("pixels, train", column)));
    }

    [Fact]
    public void Neighbours_of_two_classes_vote() =>
        Assert.EndsWith(", 5-NN ACC 0.571", Maps.separationText(new LabelledEmbeddings(Points, [0, 0, 0, 1, 1, 1, 1])), StringComparison.Ordinal);
}
