namespace MedTransfer.Reduction;

/// <summary>
/// Places of n points in the plane, in the two layouts the forces read: by coordinate for all pairs, and by point for the few
/// partners of a point. The coordinates run on to a multiple of eight with phantom points, so far from the others and
/// from each other (1e8 and more) that they neither add to a sum nor move.
/// </summary>
internal sealed class Positions
{
    /// <summary>Points a vector holds.</summary>
    internal const int Lanes = 8;

    private const float FarAway = 1e8f;

    internal Positions(int count)
    {
        Count = count;
        Padded = (count + Lanes - 1) / Lanes * Lanes;
        (X, Y, Pairs) = (new float[Padded], new float[Padded], new float[2 * Padded]);
        for (var i = count; i < Padded; i++) X[i] = Pairs[2 * i] = FarAway * (1 + i - count);
    }

    internal Positions(float[,] places) : this(places.GetLength(0))
    {
        for (var i = 0; i < Count; i++) (X[i], Y[i]) = (Pairs[2 * i], Pairs[2 * i + 1]) = (places[i, 0], places[i, 1]);
    }

    internal int Count { get; }

    /// <summary>Count, phantoms included: a multiple of <see cref="Lanes"/>.</summary>
    internal int Padded { get; }

    internal float[] X { get; }

    internal float[] Y { get; }

    /// <summary>x and y of point 0, of point 1, and so on.</summary>
    internal float[] Pairs { get; }

    /// <summary>(n, 2), moved so that the mean is at the origin.</summary>
    internal float[,] Centred()
    {
        var (meanX, meanY) = (0.0, 0.0);
        for (var i = 0; i < Count; i++) (meanX, meanY) = (meanX + X[i], meanY + Y[i]);
        (meanX, meanY) = (meanX / Count, meanY / Count);
        var places = new float[Count, 2];
        for (var i = 0; i < Count; i++) (places[i, 0], places[i, 1]) = ((float)(X[i] - meanX), (float)(Y[i] - meanY));
        return places;
    }
}
