using MedTransfer.Evaluation.Images;

namespace MedTransfer.Tests.Evaluation.Images;

/// <summary>
/// Oracle: scikit-image 0.19.3, structural_similarity(x, y, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
/// and peak_signal_noise_ratio(x, y, data_range=1), on 16 x 20 pixels as np.float32, then .astype(float):
/// r, c = np.mgrid[0:16, 0:20]; x = .5 + .4 * np.sin(.7 * r + .3 * (k + 1) * c), y = .9 * x + .03 * (k + 1) * np.cos(1.3 * r * (c + 1))
/// </summary>
public sealed class ImageFidelityTests
{
    private const int Height = 16;
    private const int Width = 20;
    private static readonly ImageShape Grey = new(1, Height, Width);

    [Theory]
    [InlineData(0, 0.0037611334768289555, 24.246812538624553, 0.9836965316366482)]
    [InlineData(1, 0.00479296905619112, 23.1939537484064, 0.9762479003468038)]
    [InlineData(2, 0.007381955401120186, 21.318285829693934, 0.957924920242662)]
    public void Errors_of_an_image_are_scikit_images(int k, double mse, double psnr, double ssim)
    {
        var (images, reconstructions) = Waves();

        var error = ImageFidelity.OfEach(images, reconstructions, Grey)[k];

        Assert.Equal(mse, error.Mse, 1e-9);
        Assert.Equal(psnr, error.Psnr!.Value, 1e-6);
        Assert.Equal(ssim, error.Ssim, 1e-7);
    }

    [Fact]
    public void Set_has_the_means_and_the_ratio_of_the_mean_error()
    {
        var (images, reconstructions) = Waves();

        var fidelity = ImageFidelity.Of(images, reconstructions, Grey);

        // Means of the three above; 10 * np.log10(1 / mean of the three errors)
        Assert.Equal(3, fidelity.Images);
        Assert.Equal(0.005312019311380087, fidelity.Mse, 1e-9);
        Assert.Equal(22.919684038908296, fidelity.Psnr!.Value, 1e-6);
        Assert.Equal(22.747403547976887, fidelity.PsnrOfMeanMse!.Value, 1e-6);
        Assert.Equal(0.9726231174087047, fidelity.Ssim, 1e-7);
    }

    // structural_similarity(np.stack(x, -1), np.stack(y, -1), channel_axis=-1, ...)
    [Fact]
    public void Colours_are_averaged()
    {
        var (images, reconstructions) = Waves();

        var colour = ImageFidelity.OfEach(AsOneRow(images), AsOneRow(reconstructions), new ImageShape(3, Height, Width));

        Assert.Equal(0.9726231174087046, Assert.Single(colour).Ssim, 1e-7);
    }

    // structural_similarity(..., data_range=2) of the image with k = 1; the noise is twice as far below the peak, 20 log10(2) dB
    [Fact]
    public void Wider_range_forgives_more()
    {
        var (images, reconstructions) = Waves();

        var error = ImageFidelity.OfEach(images, reconstructions, Grey, range: 2)[1];

        Assert.Equal(0.976614664421377, error.Ssim, 1e-7);
        Assert.Equal(23.1939537484064 + 20 * Math.Log10(2), error.Psnr!.Value, 1e-6);
    }

    [Fact]
    public void Exact_reconstruction_is_wholly_similar_and_has_no_noise()
    {
        var (images, _) = Waves();

        var fidelity = ImageFidelity.Of(images, images, Grey);

        Assert.Equal(0, fidelity.Mse);
        Assert.Null(fidelity.Psnr);
        Assert.Null(fidelity.PsnrOfMeanMse);
        Assert.Equal(1, fidelity.Ssim, 1e-12);
    }

    [Fact]
    public void Exact_reconstruction_is_left_out_of_the_mean_ratio() =>
        Assert.Equal(20, ImageFidelity.Mean([new(0.01, 20, 0.9), new(0, null, 1)]).Psnr);

    [Fact]
    public void Images_beyond_one_block_of_work_are_their_own()
    {
        var (few, fewAgain) = Waves();
        var (images, reconstructions) = (new float[600, Grey.Pixels], new float[600, Grey.Pixels]);
        for (var i = 0; i < 600; i++)
        {
            for (var pixel = 0; pixel < Grey.Pixels; pixel++)
                (images[i, pixel], reconstructions[i, pixel]) = (few[i % 3, pixel], fewAgain[i % 3, pixel]);
        }

        var each = ImageFidelity.OfEach(images, reconstructions, Grey);
        var expected = ImageFidelity.OfEach(few, fewAgain, Grey);

        Assert.Equal(Enumerable.Range(0, 600).Select(i => expected[i % 3]), each);
    }

    [Fact]
    public void Images_smaller_than_the_window_are_refused()
    {
        var error = Assert.Throws<MedTransferException>(() => ImageFidelity.Of(new float[1, 100], new float[1, 100], new ImageShape(1, 10, 10)));

        Assert.Contains("11 pixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_beyond_the_range_are_refused()
    {
        var (images, reconstructions) = (new float[1, Grey.Pixels], new float[1, Grey.Pixels]);
        images[0, 0] = 255;

        var error = Assert.Throws<MedTransferException>(() => ImageFidelity.Of(images, reconstructions, Grey));

        Assert.Contains("0 to 255", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reconstruction_with_a_missing_pixel_is_refused()
    {
        var (images, reconstructions) = Waves();
        reconstructions[2, 7] = float.NaN;

        var error = Assert.Throws<MedTransferException>(() => ImageFidelity.Of(images, reconstructions, Grey));

        Assert.Contains("row 2, column 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shape_of_other_images_is_refused() =>
        Assert.Throws<MedTransferException>(() => ImageFidelity.Of(new float[1, 400], new float[1, 400], Grey));

    [Fact]
    public void Other_number_of_reconstructions_is_refused() =>
        Assert.Throws<MedTransferException>(() => ImageFidelity.Of(new float[2, 320], new float[1, 320], Grey));

    [Fact]
    public void No_images_are_refused() =>
        Assert.Throws<MedTransferException>(() => ImageFidelity.Of(new float[0, 320], new float[0, 320], Grey));

    private static (float[,] Images, float[,] Reconstructions) Waves()
    {
        var (images, reconstructions) = (new float[3, Grey.Pixels], new float[3, Grey.Pixels]);
        for (var k = 0; k < 3; k++)
        {
            for (var pixel = 0; pixel < Grey.Pixels; pixel++)
            {
                var (r, c) = (pixel / Width, pixel % Width);
                images[k, pixel] = (float)(0.5 + 0.4 * Math.Sin(0.7 * r + 0.3 * (k + 1) * c));
                reconstructions[k, pixel] = (float)(0.9 * images[k, pixel] + 0.03 * (k + 1) * Math.Cos(1.3 * r * (c + 1)));
            }
        }

        return (images, reconstructions);
    }

    private static float[,] AsOneRow(float[,] images)
    {
        var row = new float[1, images.Length];
        Buffer.BlockCopy(images, 0, row, 0, Buffer.ByteLength(images));
        return row;
    }
}
