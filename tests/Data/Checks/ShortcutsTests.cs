using MedTransfer.Data;
using MedTransfer.Data.Checks;

namespace MedTransfer.Tests.Data.Checks;

public sealed class ShortcutsTests
{
    private const string Meaning = "a model may learn it", Ending = $": {Meaning}.";

    [Fact]
    public void Of_two_classes_the_one_is_told_from_the_other_whichever_way_round()
    {
        // of 30 images a class 27 are below all others
        float[] values = [.. Enumerable.Range(0, 60).Select(image => image % 2 == 0 && image < 54 ? image : 1000f + image)];
        byte[,] labels = Classes(60, image => image % 2);

        // 27 of 30 below, and three among the other thirty at 54, 56, 58: above 27, 28 and 29 of them; U = 27 x 30 + 3 + 2 + 1
        Assert.Equal([$"Size alone tells 'b' from 'a' in train with an AUC of {816.0 / 900:0.00}{Ending}"], Shortcuts.Notes([("Size", values)], Labels.Of(labels), null, ["a", "b"], Meaning));
        Assert.Equal([$"Size alone tells 'b' from 'a' in train with an AUC of {816.0 / 900:0.00}{Ending}"], Shortcuts.Notes([("Size", Array.ConvertAll(values, value => -value))], Labels.Of(labels), null, ["a", "b"], Meaning));
    }

    [Fact]
    public void Few_images_that_chance_orders_so_say_nothing()
    {
        // all pairs in order, but of three images a class that is 1 in 20
        Assert.Empty(Shortcuts.Notes([("Size", [1, 2, 3, 4, 5, 6])], Labels.Of(Classes(6, image => image / 3)), null, ["a", "b"], Meaning));
    }

    [Fact]
    public void Images_of_few_patients_count_as_no_more_than_those()
    {
        // in order throughout, of thirty images a class
        float[] values = [.. Enumerable.Range(0, 60).Select(image => (float)image)];
        var labels = Labels.Of(Classes(60, image => image / 30));

        Assert.Single(Shortcuts.Notes([("Size", values)], labels, [.. Enumerable.Range(0, 60).Select(image => (long)image / 2)], ["a", "b"], Meaning));
        Assert.Empty(Shortcuts.Notes([("Size", values)], labels, [.. Enumerable.Range(0, 60).Select(image => (long)image / 10)], ["a", "b"], Meaning));
    }

    [Fact]
    public void Of_several_classes_the_best_told_is_named_and_others_are_counted()
    {
        float[] values = [.. Enumerable.Range(0, 150).Select(image => (float)image)];

        Assert.Equal(
            [$"Size alone tells 'low' from the rest in train with an AUC of 1.00, and 1 other class with more than 0.8{Ending}"],
            Shortcuts.Notes([("Size", values)], Labels.Of(Classes(150, image => image / 50)), null, ["low", "middle", "high"], Meaning));
    }

    [Fact]
    public void Findings_are_told_where_they_are_known()
    {
        var findings = new byte[80, 2];
        for (var image = 0; image < 80; image++) (findings[image, 0], findings[image, 1]) = ((byte)(image % 2), image >= 60 ? Labels.Missing : (byte)(image >= 30 ? 1 : 0));

        // those of which the second is not known are the smallest
        Assert.Equal(
            [$"Size alone tells 'Edema' from the rest in train with an AUC of 1.00{Ending}"],
            Shortcuts.Notes([("Size", [.. Enumerable.Range(0, 80).Select(image => image >= 60 ? -1f : image)])], Labels.Of(findings), null, ["Mass", "Edema"], Meaning));
    }

    [Fact]
    public void Without_labels_nothing_is_told() => Assert.Empty(Shortcuts.Notes([("Size", [1, 2])], Labels.Empty(2), null, [], Meaning));

    private static byte[,] Classes(int count, Func<int, int> label)
    {
        var labels = new byte[count, 1];
        for (var image = 0; image < count; image++) labels[image, 0] = (byte)label(image);
        return labels;
    }
}
