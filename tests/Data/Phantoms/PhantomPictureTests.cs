using MedTransfer.Data;
using MedTransfer.Data.Phantoms;

namespace MedTransfer.Tests.Data.Phantoms;

[Collection<DrawnSets>]
public sealed class PhantomPictureTests(DrawnSets sets)
{
    private const int Size = 64;
    private const int Cardiomegaly = 1, Effusion = 2, Nodule = 5, Pneumothorax = 7;

    private static readonly Phantom Chest = new(PhantomKind.Chest, Size);

    public static TheoryData<int> Findings => [.. Enumerable.Range(0, 14)];

    [Theory]
    [InlineData(PhantomKind.Chest)]
    [InlineData(PhantomKind.Pneumonia)]
    public void Picture_is_the_one_in_the_loaded_set(PhantomKind kind)
    {
        var picture = new Phantom(kind, 28).Picture(SplitName.Validation, 17);

        Assert.Equal(picture.Cast<byte>(), sets[kind].Validation.Images[17].data<byte>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Findings))]
    public void Mask_is_where_the_picture_differs_from_the_same_patients_without_the_finding(int finding)
    {
        var image = With(finding).First();
        var change = Change(image, finding);

        var masks = Chest.Masks(SplitName.Train, image);

        Assert.Equal(change.Cast<int>().Select(Math.Abs), Mask(masks, finding));
        Assert.InRange(Mask(masks, finding).Max(), 10, 255);
    }

    [Fact]
    public void Mask_is_empty_just_where_the_image_has_not_the_finding()
    {
        foreach (var image in new[] { 0, 1, 2, 3, 4, 5 })
        {
            var masks = Chest.Masks(SplitName.Train, image);

            Assert.All(Enumerable.Range(0, 14), finding =>
                Assert.Equal(sets.Chest.Train.Labels[image, finding] == 1, Mask(masks, finding).Any(value => value > 0)));
        }
    }

    [Fact]
    public void Mask_of_the_pneumonia_set_is_one_map()
    {
        var ill = Enumerable.Range(0, 100).First(image => sets.Pneumonia.Test.Labels[image, 0] == 1);
        var masks = new Phantom(PhantomKind.Pneumonia, 28).Masks(SplitName.Test, ill);

        Assert.Equal((1, 28, 28), (masks.GetLength(0), masks.GetLength(1), masks.GetLength(2)));
        Assert.Contains(masks.Cast<byte>(), value => value > 0);
    }

    [Fact]
    public void Nodule_changes_a_small_part_of_the_picture_and_makes_it_denser()
    {
        foreach (var image in With(Nodule).Take(5))
        {
            var change = Change(image, Nodule);
            Assert.InRange(change.Cast<int>().Count(grey => grey != 0), 3, Size * Size / 15);
            Assert.True(change.Cast<int>().Sum() > 0);
        }
    }

    [Fact]
    public void Effusion_lies_in_the_lower_half()
    {
        foreach (var image in With(Effusion).Take(5))
        {
            var change = Change(image, Effusion);
            Assert.Equal(0, Rows(change, 0, Size / 3).Max(Math.Abs));
            Assert.True(Rows(change, Size / 2, Size).Sum() > 0);
        }
    }

    [Fact]
    public void Large_heart_leaves_the_tips_of_the_lungs_as_they_are()
    {
        foreach (var image in With(Cardiomegaly).Take(5))
        {
            var change = Change(image, Cardiomegaly);
            Assert.Equal(0, Rows(change, 0, Size / 5).Max(Math.Abs));
            Assert.True(change.Cast<int>().Sum() > 0);
        }
    }

    [Fact]
    public void Pneumothorax_has_a_dark_rim_and_a_denser_lung()
    {
        foreach (var image in With(Pneumothorax).Take(5))
        {
            var change = Change(image, Pneumothorax).Cast<int>().ToArray();
            Assert.InRange(change.Min(), -100, -8);
            Assert.InRange(change.Max(), 5, 100);
        }
    }

    [Theory]
    [InlineData(PhantomKind.Chest, 56)]
    [InlineData(PhantomKind.Chest, 224)]
    [InlineData(PhantomKind.Pneumonia, 112)]
    public void Sizes_show_the_same_picture(PhantomKind kind, int size)
    {
        for (var image = 0; image < 8; image++)
        {
            var small = new Phantom(kind, 28).Picture(SplitName.Train, image);
            var large = new Phantom(kind, size).Picture(SplitName.Train, image);
            var differences = small.Cast<byte>().Zip(Shrunk(large, 28), (one, other) => Math.Abs(one - other)).ToArray();

            // Noise alone makes them 3 grey levels; two patients are 20 apart.
            Assert.InRange(differences.Average(), 0, 6);
        }
    }

    // Grey levels that a finding adds, (S, S).
    private static int[,] Change(int image, int finding)
    {
        var (with, without) = (Chest.Picture(SplitName.Train, image), Chest.Picture(SplitName.Train, image, finding));
        var change = new int[Size, Size];
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++) change[row, column] = with[row, column] - without[row, column];
        }
        return change;
    }

    private static IEnumerable<int> Rows(int[,] change, int from, int to) => change.Cast<int>().Skip(from * Size).Take((to - from) * Size);

    private static IEnumerable<int> Mask(byte[,,] masks, int finding) =>
        masks.Cast<byte>().Skip(finding * Size * Size).Take(Size * Size).Select(value => (int)value);

    // Means over squares.
    private static double[] Shrunk(byte[,] picture, int size)
    {
        var side = picture.GetLength(0) / size;
        var means = new double[size * size];
        for (var row = 0; row < size * side; row++)
        {
            for (var column = 0; column < size * side; column++)
                means[row / side * size + column / side] += picture[row, column] / (double)(side * side);
        }
        return means;
    }

    private IEnumerable<int> With(int finding) =>
        Enumerable.Range(0, sets.Chest.Train.Count).Where(image => sets.Chest.Train.Labels[image, finding] == 1);
}
