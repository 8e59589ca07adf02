using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>
/// How the angles of triplets of embeddings x differ between a student and its teacher, from products of the centred rows of either alone: the cosine at j, of i and k, is
/// c = (G_ik - G_ij - G_jk + G_jj) r_ji r_jk, r_ji = 1 / |x_i - x_j|. No triplet is kept: a graph of all of them takes ten times as long. Four at a time, always in the same order.
/// </summary>
/// <param name="count">n, the embeddings.</param>
internal sealed class TripletAngles(int count)
{
    /// <summary>Of squared lengths, and of their share in the mean square where this is above 1: up to it there is no direction, and the cosine is 0.</summary>
    private const double Least = 1e-12;

    private const int Width = 4;

    // rows end in zeros, whose cosines are 0 in both
    private readonly int stride = (count + Width - 1) / Width * Width;

    /// <summary>The sum of Huber losses (delta 1) over all triplets.</summary>
    /// <param name="student">(n, n), row by row.</param>
    /// <param name="teacher">(n, n), row by row.</param>
    /// <param name="slopes">(n, n): becomes the gradient by the student's products.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Loss(ReadOnlySpan<double> student, ReadOnlySpan<double> teacher, Span<double> slopes)
    {
        var (ours, theirs, gradient) = (new Side(student, count, stride), new Side(teacher, count, stride), new double[count * stride]);
        var loss = Vector256<double>.Zero;
        var (one, half) = (Vector256<double>.One, Vector256.Create(0.5));
        for (var apex = 0; apex < count; apex++)
        {
            ours.LookFrom(apex);
            theirs.LookFrom(apex);
            for (var i = 0; i < count; i++)
            {
                if (i == apex)
                    continue;
                var (shift, length) = (Vector256.Create(ours.ToApex[i]), Vector256.Create(ours.Inverse[i]));
                var (theirShift, theirLength) = (Vector256.Create(theirs.ToApex[i]), Vector256.Create(theirs.Inverse[i]));
                Vector256<double> pulls = default, turns = default;
                for (var k = 0; k < stride; k += Width)
                {
                    var place = i * stride + k;
                    var factor = length * Vector256.Create(ours.Inverse, k);
                    var cosine = (Vector256.Create(ours.Products, place) + (shift + Vector256.Create(ours.ToApex, k))) * factor;
                    var sought = (Vector256.Create(theirs.Products, place) + (theirShift + Vector256.Create(theirs.ToApex, k))) * (theirLength * Vector256.Create(theirs.Inverse, k));
                    var difference = cosine - sought;
                    var slope = Vector256.MinNative(Vector256.MaxNative(difference, -one), one);
                    loss = Vector256.FusedMultiplyAdd(slope, difference - half * slope, loss);
                    turns = Vector256.FusedMultiplyAdd(slope, cosine, turns);
                    slope *= factor;
                    pulls += slope;
                    (Vector256.Create(gradient, place) + slope).CopyTo(gradient, place);
                }

                // by the lengths, which are those of x_i - x_j in all cosines of i at j; and by what has to do with j
                var ofLength = FixedOrder.Sum(turns) * ours.Inverse[i] * ours.Inverse[i];
                var ofApex = FixedOrder.Sum(pulls) - ofLength;
                gradient[i * stride + i] -= ofLength;
                gradient[apex * stride + i] -= 2 * ofApex;
                gradient[apex * stride + apex] += ofApex;
            }
        }

        for (var row = 0; row < count; row++)
            gradient.AsSpan(row * stride, count).CopyTo(slopes[(row * count)..]);
        return FixedOrder.Sum(loss);
    }

    /// <summary>The embeddings of one network, as seen from one of them.</summary>
    private sealed class Side
    {
        private readonly int count, stride;
        private readonly double least;

        public Side(ReadOnlySpan<double> products, int count, int stride)
        {
            (this.count, this.stride, Products, ToApex, Inverse) = (count, stride, new double[count * stride], new double[stride], new double[stride]);
            var squares = 0.0;
            for (var row = 0; row < count; row++)
            {
                products.Slice(row * count, count).CopyTo(Products.AsSpan(row * stride));
                squares += products[row * count + row];
            }

            least = Least * Math.Max(1, 2 * squares / count);
        }

        /// <summary>Row by row.</summary>
        public double[] Products { get; }

        /// <summary>G_jj / 2 - G_ij.</summary>
        public double[] ToApex { get; }

        /// <summary>1 / |x_i - x_j|.</summary>
        public double[] Inverse { get; }

        public void LookFrom(int apex)
        {
            var ofApex = Products[apex * stride + apex];
            for (var i = 0; i < count; i++)
            {
                var product = Products[apex * stride + i];
                var square = Products[i * stride + i] + ofApex - 2 * product;
                ToApex[i] = ofApex / 2 - product;
                Inverse[i] = i == apex || square <= least ? 0 : 1 / Math.Sqrt(square);
            }
        }
    }
}
