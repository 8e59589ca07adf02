namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>
/// Places of n points in the plane or in space, in the two layouts the forces read: by coordinate for all pairs, and by point for the
/// few partners of a point. The coordinates run on to a multiple of eight with phantom points, so far from the others and
/// from each other (1e8 and more) that they neither add to a sum nor move.
/// </summary>
internal sealed class Positions
{
    /// <summary>Points a vector holds.</summary>
    internal const int Lanes = 8;

    private const float FarAway = 1e8f;

    internal Positions(int count, int dimensions)
    {
        (Count, Dimensions) = (count, dimensions);
        Padded = (count + Lanes - 1) / Lanes * Lanes;
        Stride = dimensions == 2 ? 2 : 4;
        Axes = [new float[Padded], new float[Padded], new float[Padded]];
        ByPoint = new float[Stride * Padded];
        for (var i = count; i < Padded; i++) X[i] = ByPoint[Stride * i] = FarAway * (1 + i - count);
    }

    internal Positions(float[,] places) : this(places.GetLength(0), places.GetLength(1))
    {
        for (var i = 0; i < Count; i++)
        {
            for (var axis = 0; axis < Dimensions; axis++) Axes[axis][i] = ByPoint[Stride * i + axis] = places[i, axis];
        }
    }

    internal int Count { get; }

    /// <summary>2 or 3.</summary>
    internal int Dimensions { get; }

    /// <summary>Count, phantoms included: a multiple of <see cref="Lanes"/>.</summary>
    internal int Padded { get; }

    /// <summary>Three of them; in the plane the last is 0 throughout.</summary>
    internal float[][] Axes { get; }

    internal float[] X => Axes[0];

    internal float[] Y => Axes[1];

    internal float[] Z => Axes[2];

    /// <summary>The coordinates of point 0, of point 1, and so on, <see cref="Stride"/> apart.</summary>
    internal float[] ByPoint { get; }

    /// <summary>2 in the plane, 4 in space, the fourth 0.</summary>
    internal int Stride { get; }

    /// <summary>(n, dimensions), moved so that the mean is at the origin.</summary>
    internal float[,] Centred()
    {
        var places = new float[Count, Dimensions];
        for (var axis = 0; axis < Dimensions; axis++)
        {
            var mean = 0.0;
            for (var i = 0; i < Count; i++) mean += Axes[axis][i];
            mean /= Count;
            for (var i = 0; i < Count; i++) places[i, axis] = (float)(Axes[axis][i] - mean);
        }
        return places;
    }
}
