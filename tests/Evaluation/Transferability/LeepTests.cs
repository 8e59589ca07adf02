using MedTransfer.Evaluation.Transferability;

namespace MedTransfer.Tests.Evaluation.Transferability;

public sealed class LeepTests
{
    [Fact]
    public void Two_images_by_hand() =>
        // source class 0 is 3 / 4 target class 0, source class 1 3 / 4 target class 1: either image expects 3 / 4 3 / 4 + 1 / 4 1 / 4 of its class
        Assert.Equal(Math.Log(10 / 16.0), Leep.Of(new float[,] { { 0.75f, 0.25f }, { 0.25f, 0.75f } }, [5, 3]), 1e-14);

    // NumPy 1.24.2: J = array([[P[y == c, z].sum() / 5 for z in range(3)] for c in range(3)]); C = J / J.sum(0);
    // mean([log(C[y[i]] @ P[i]) for i in range(5)])
    [Fact]
    public void Five_images_are_as_NumPy_has_them() =>
        Assert.Equal(
            -0.8007153530610397,
            Leep.Of(new[,] { { 0.5f, 0.25f, 0.25f }, { 0.125f, 0.75f, 0.125f }, { 0.25f, 0.25f, 0.5f }, { 0.75f, 0.25f, 0 }, { 0, 0.5f, 0.5f } }, [0, 1, 1, 0, 2]),
            1e-14);

    [Fact]
    public void Head_that_tells_classes_apart_for_certain_has_nought() =>
        Assert.Equal(0, Leep.Of(new float[,] { { 0, 1, 0, 0 }, { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 } }, [1, 0, 1, 0]));

    [Fact]
    public void Head_that_says_the_same_of_all_has_minus_the_entropy_of_labels() =>
        Assert.Equal(
            0.75 * Math.Log(0.75) + 0.25 * Math.Log(0.25),
            Leep.Of(new[,] { { 0.25f, 0.75f }, { 0.25f, 0.75f }, { 0.25f, 0.75f }, { 0.25f, 0.75f } }, [0, 0, 1, 0]), 1e-14);

    [Theory]
    [InlineData(0.5f, 0.6f, "add up to 1.1")]
    [InlineData(-0.5f, 1.5f, "row 1, column 0")]
    [InlineData(float.NaN, 1f, "row 1, column 0")]
    public void What_is_no_softmax_is_refused(float first, float second, string says) =>
        Assert.Contains(says, Assert.Throws<MedTransferException>(() => Leep.Of(new[,] { { 0.5f, 0.5f }, { first, second } }, [0, 1])).Message);

    [Fact]
    public void Other_numbers_of_labels_and_one_class_are_refused()
    {
        Assert.Contains("2 images and 3 labels", Assert.Throws<MedTransferException>(() => Leep.Of(new float[,] { { 1 }, { 1 } }, [0, 1, 1])).Message);
        Assert.Contains("one class", Assert.Throws<MedTransferException>(() => Leep.Of(new float[,] { { 1 }, { 1 } }, [3, 3])).Message);
        Assert.Throws<MedTransferException>(() => Leep.Of(new float[0, 2], []));
    }
}
