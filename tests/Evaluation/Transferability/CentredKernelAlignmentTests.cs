using MedTransfer.Evaluation.Transferability;
using static MedTransfer.Tests.Evaluation.Transferability.SampleEmbeddings;

namespace MedTransfer.Tests.Evaluation.Transferability;

public sealed class CentredKernelAlignmentTests
{
    [Fact]
    public void Biased_alignment_of_single_columns_is_their_squared_correlation()
    {
        // 0, 1, 2 and 0, 0, 3 less their means: (-1, 0, 1) . (-1, -1, 2) = 3, of squares 2 and 6
        var alignment = CentredKernelAlignment.Biased(new float[,] { { 0 }, { 1 }, { 2 } }, new float[,] { { 0 }, { 0 }, { 3 } });

        Assert.Equal(9 / 12.0, alignment, 1e-14);
    }

    [Fact]
    public void Alignment_of_four_images_is_that_by_hand()
    {
        // x = 0, 0, 1, 1 and y = 0, 1, 0, 1. Distances squared, d_ij, less the means of their rows and columns (sums over n - 2 = 2) and plus that of all (over 6) are -2 times Song's
        // centred kernels. x: rows add up to 2, all to 8: pairs at 0 become 0 - 1 - 1 + 8 / 6 = -2 / 3, those at 1 become 1 / 3; y alike. The two pairs at 0 in x are at 1 in y, the two at 0
        // in y are at 1 in x, the two others are at 1 in both: (-2 / 9 - 2 / 9 - 2 / 9 - 2 / 9 + 1 / 9 + 1 / 9) / (2 * 4 / 9 + 4 / 9) = -1 / 2.
        var alignment = CentredKernelAlignment.Of(new float[,] { { 0 }, { 0 }, { 1 }, { 1 } }, new float[,] { { 0 }, { 1 }, { 0 }, { 1 } });

        Assert.Equal(-0.5, alignment, 1e-14);
    }

    // NumPy 1.24.2, from kernels K = X @ X.T, L = Y @ Y.T and H = eye(n) - 1 / n: sum(HKH * HLH) / sqrt(sum(HKH**2) * sum(HLH**2)), and with zeros on the diagonals
    // hsic(K, L) = (trace(K @ L) + K.sum() * L.sum() / ((n-1) * (n-2)) - 2 / (n-2) * (K @ L).sum()) / (n * (n-3)), hsic(K, L) / sqrt(hsic(K, K) * hsic(L, L)).
    // Y = Whole(n + 2, c)[2:]**2. Fewer columns than images, and more.
    [Theory]
    [InlineData(12, 3, 2, 0.05974498635038712, -0.054188757602375584)]
    [InlineData(6, 8, 3, 0.23836694368860298, -0.0923338515258365)]
    public void Alignment_is_that_of_the_kernels(int count, int columns, int others, double biased, double debiased)
    {
        var (first, second) = (Whole(count, columns), Whole(count + 2, others).Rows(from: 2).Map(value => value * value));

        Assert.Equal(biased, CentredKernelAlignment.Biased(first, second), 1e-12);
        Assert.Equal(debiased, CentredKernelAlignment.Of(first, second), 1e-12);
        Assert.Equal(debiased, CentredKernelAlignment.Of(second, first), 1e-12);
    }

    [Theory]
    [InlineData(50, 2)]
    [InlineData(6, 2)]
    [InlineData(4, 2)]
    public void Turning_mirroring_moving_and_scaling_leave_all_alike(int count, int columns)
    {
        var points = Random(count, columns, seed: 4);
        var turned = new float[count, columns];
        for (var i = 0; i < count; i++) (turned[i, 0], turned[i, 1]) = (100 + 3 * points[i, 0] - 4 * points[i, 1], 4 * points[i, 0] + 3 * points[i, 1]);

        Assert.Equal(1, CentredKernelAlignment.Of(points, turned), 1e-5);
        Assert.Equal(1, CentredKernelAlignment.Biased(points, turned), 1e-5);
    }

    [Fact]
    public void Independent_embeddings_align_with_bias_alone()
    {
        var (first, second) = (Random(60, 200, seed: 5), Random(60, 300, seed: 6));

        Assert.InRange(CentredKernelAlignment.Of(first, second), -0.05, 0.05);
        Assert.InRange(CentredKernelAlignment.Biased(first, second), 0.7, 1);
    }

    [Fact]
    public void The_unit_of_embeddings_does_not_matter() =>
        Assert.Equal(1, CentredKernelAlignment.Of(Whole(12, 3), Whole(12, 3).Map(value => value * 1e-38f)), 1e-6);

    [Theory]
    [MemberData(nameof(Bad), MemberType = typeof(SampleEmbeddings))]
    public void Bad_embeddings_are_refused(float[,] embeddings, string says)
    {
        Assert.Contains(says, Assert.Throws<MedTransferException>(() => CentredKernelAlignment.Of(embeddings, Whole(4, 2))).Message);
        Assert.Contains(says, Assert.Throws<MedTransferException>(() => CentredKernelAlignment.Biased(Whole(4, 2), embeddings)).Message);
    }

    [Fact]
    public void Too_few_images_and_those_that_are_equally_far_apart_are_refused()
    {
        var corners = new float[5, 5];
        for (var i = 0; i < 5; i++) corners[i, i] = 1;

        Assert.Contains("takes 4", Assert.Throws<MedTransferException>(() => CentredKernelAlignment.Of(Whole(3, 2), Whole(3, 2))).Message);
        Assert.Contains("equally far", Assert.Throws<MedTransferException>(() => CentredKernelAlignment.Of(Whole(5, 2), corners)).Message);
    }
}
