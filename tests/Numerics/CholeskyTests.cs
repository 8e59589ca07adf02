using MedTransfer.Numerics;

namespace MedTransfer.Tests.Numerics;

public sealed class CholeskyTests
{
    // A = [4 2; 2 3], its inverse [3 -2; -2 4] / 8; the entry above the diagonal is not read
    [Theory]
    [InlineData(1, 0, 3 / 8.0)]
    [InlineData(0, 1, 4 / 8.0)]
    [InlineData(1, 1, 3 / 8.0)]
    public void Inverse_form_is_that_of_the_inverse(double x, double y, double expected) =>
        Assert.Equal(expected, Cholesky.Of(new double[,] { { 4, 99 }, { 2, 3 } }).InverseForm([x, y]), 1e-15);

    [Fact]
    public void Matrix_with_an_eigenvalue_of_zero_is_refused() =>
        Assert.Throws<ArgumentException>(() => Cholesky.Of(new double[,] { { 1, 1 }, { 1, 1 } }));
}
