namespace MedTransfer.Data.Phantoms;

/// <summary>Irregular patterns of the plane, the same at every magnification: value noise on the lattice of whole numbers.</summary>
internal readonly struct Texture(ulong seed)
{
    /// <summary>Smooth, 0 to 1, mean 0.5, with features about one unit wide.</summary>
    public double Clouds(double x, double y)
    {
        var (column, row) = (Math.Floor(x), Math.Floor(y));
        var (u, v) = (x - column, y - row);
        var (i, j) = ((long)column, (long)row);
        u *= u * (3 - 2 * u);
        v *= v * (3 - 2 * v);
        var above = Lattice(i, j) + u * (Lattice(i + 1, j) - Lattice(i, j));
        var below = Lattice(i, j + 1) + u * (Lattice(i + 1, j + 1) - Lattice(i, j + 1));
        return above + v * (below - above);
    }

    /// <summary>As <see cref="Clouds"/>, with half as much of twice the frequency.</summary>
    public double Rough(double x, double y) => (2 * Clouds(x, y) + Clouds(2 * x + 31.7, 2 * y - 17.3)) / 3;

    /// <summary>Threads about a quarter of a unit wide, 0 between them and 1 on their ridges.</summary>
    public double Threads(double x, double y)
    {
        var off = 2 * Clouds(x, y) - 1;
        return Curve.Bump(2.5 * off);
    }

    private double Lattice(long column, long row)
    {
        unchecked
        {
            var mixed = seed + (ulong)column * 0x9E3779B97F4A7C15 + (ulong)row * 0xC2B2AE3D27D4EB4F;
            mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93;
            mixed ^= mixed >> 32;
            return (uint)mixed * (1.0 / uint.MaxValue);
        }
    }
}
