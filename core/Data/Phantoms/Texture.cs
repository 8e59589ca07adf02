namespace MedTransfer.Data.Phantoms;

/// <summary>Irregular patterns of the plane, the same at every magnification: value noise (Perlin 1985) on
/// the lattice of whole numbers, which repeats after 256.</summary>
internal readonly struct Texture(ulong seed)
{
    private static readonly byte[] Order = MakeOrder();
    private static readonly double[] Values = MakeValues();

    private readonly int offsetX = (int)(seed & 0xFFFF), offsetY = (int)((seed >> 16) & 0xFFFF);

    /// <summary>Smooth, 0 to 1, mean 0.5, with features about one unit wide.</summary>
    public double Clouds(double x, double y)
    {
        var (column, row) = (Math.Floor(x), Math.Floor(y));
        var (u, v) = (x - column, y - row);
        var (i, j) = ((int)column, (int)row);
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

    private double Lattice(int column, int row) => Values[Order[Order[(column + offsetX) & 255] ^ ((row + offsetY) & 255)]];

    private static byte[] MakeOrder()
    {
        var order = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        new Draws(1).Shuffle(order);
        return order;
    }

    private static double[] MakeValues() => [.. Enumerable.Range(0, 256).Select(value => value / 255.0)];
}
