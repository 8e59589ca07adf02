using System.Numerics;
using MedTransfer.Numerics.Fourier;

namespace MedTransfer.Tests.Numerics.Fourier;

public sealed class BatchedFftTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(72)]
    [InlineData(120)]
    [InlineData(200)]
    public void Transform_of_eight_sequences_is_that_of_the_definition(int length)
    {
        var random = new Random(2);
        ComplexBatch x = new(length), other = new(length);
        for (var i = 0; i < x.Re.Length; i++) (x.Re[i], x.Im[i]) = (random.NextSingle(), random.NextSingle());
        var (re, im) = ((float[])x.Re.Clone(), (float[])x.Im.Clone());
        var fourier = new BatchedFft(length);
        fourier.Forward(ref x, ref other);
        foreach (var (k, lane) in new[] { (0, 0), (1, 3), (length / 2 + 1, 7), (length - 1, 5) })
        {
            var sum = Complex.Zero;
            for (var j = 0; j < length; j++)
                sum += new Complex(re[8 * j + lane], im[8 * j + lane]) * Complex.FromPolarCoordinates(1, -2 * Math.PI * j * k / length);
            Assert.Equal(sum.Real, x.Re[8 * k + lane], 1e-4);
            Assert.Equal(sum.Imaginary, x.Im[8 * k + lane], 1e-4);
        }
        fourier.Backward(ref x, ref other);
        Assert.All(re.Zip(x.Re), pair => Assert.Equal(length * pair.First, pair.Second, 1e-3));
    }
}
