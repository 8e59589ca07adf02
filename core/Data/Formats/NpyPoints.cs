using System.Runtime.CompilerServices;
using MedTransfer.Numerics;

namespace MedTransfer.Data.Formats;

/// <summary>Points from a file of any number type, one a row, in single precision without what that would round away.</summary>
/// <param name="Values">
/// (rows, columns), finite. A column that lies far from 0 for how much it varies is moved there in the file's own precision first: distances and
/// directions are the file's.
/// </param>
/// <param name="Merged">Distinct rows of the file that are no longer distinct: they differ only beyond single precision.</param>
/// <param name="AreAllTheSame">Whether no column varies.</param>
public sealed record NpyPoints(float[,] Values, int Merged, bool AreAllTheSame)
{
    /// <summary>What still leaves room for sums over columns.</summary>
    private const double Largest = 1e32;

    /// <summary>Below it, the small ones among such values lose digits.</summary>
    private const double Smallest = 1e-31;

    private const int MostSampled = 1 << 22;

    /// <summary>Rows and columns, from the header alone.</summary>
    public static (int Rows, int Columns) ShapeOf(string path) => Open(path, reader => ShapeOf(reader.Header, path));

    /// <summary>Reads the file twice: where its columns lie, then the values.</summary>
    public static NpyPoints Read(string path)
    {
        var origins = Open(path, reader => Origins(reader, ShapeOf(reader.Header, path)));
        return Open(path, reader => Read(reader, ShapeOf(reader.Header, path), origins, path));
    }

    private static T Open<T>(string path, Func<NpyReader, T> use)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () => use(new NpyReader(file, file.Length, path, ArrayRole.Matrix)));
    }

    private static (int Rows, int Columns) ShapeOf(NpyHeader header, string path)
    {
        if (header.Shape.Count != 2)
        {
            throw new MedTransferException($"{path}: an array of shape {header.ShapeText}, points are a matrix (points, columns): "
                + "reshape it, such as x.reshape(len(x), -1), and save that");
        }
        return header.Count <= Array.MaxLength && header.Shape.All(axis => axis <= int.MaxValue)
            ? ((int)header.Shape[0], (int)header.Shape[1])
            : throw new MedTransferException($"{path}: {header.ShapeText} has more elements than fit in one matrix ({Array.MaxLength})");
    }

    private static unsafe double[] Origins(NpyReader reader, (int Rows, int Columns) shape)
    {
        var type = reader.Header.Type;
        var rows = ColumnOrigin.SampleRows(shape.Rows, Math.Clamp(MostSampled / Math.Max(1, shape.Columns), 15, 10 * ColumnOrigin.EnoughRows));
        var slots = new int[shape.Rows];
        Array.Fill(slots, -1);
        for (var slot = 0; slot < rows.Length; slot++) slots[rows[slot]] = slot;
        var samples = new double[shape.Columns][];
        for (var column = 0; column < samples.Length; column++) samples[column] = new double[rows.Length];

        var cell = new Cell(reader.Header);
        double scratch; // every element passes through it
        reader.Read(&scratch, [0, 0], (element, position) =>
        {
            var value = type.ToDouble(element);
            if (!double.IsFinite(value)) throw reader.Refusal(position, element, "points are finite numbers: remove such rows, or fill them in");
            if (slots[cell.Row] is >= 0 and var slot) samples[cell.Column][slot] = value;
            cell.Advance();
            return value;
        });
        return rows.Length == 0 ? new double[shape.Columns] : Array.ConvertAll(samples, sample => ColumnOrigin.Of(sample));
    }

    private static unsafe NpyPoints Read(NpyReader reader, (int Rows, int Columns) shape, double[] origins, string path)
    {
        var type = reader.Header.Type;
        var values = new float[shape.Rows, shape.Columns];
        var (first, varies, largest) = (new float[shape.Columns], false, 0.0);
        var isWide = type is { Kind: NpyKind.FloatingPoint, Size: 8 } || (type.IsInteger && type.Size >= 4);
        var (before, after) = isWide ? (new ulong[shape.Rows], new ulong[shape.Rows]) : ([], []);
        var cell = new Cell(reader.Header);
        fixed (float* target = values)
        {
            reader.Read(target, NpyReader.CStrides(reader.Header.Shape), (element, position) =>
            {
                var (row, column) = (cell.Row, cell.Column);
                cell.Advance();
                var moved = Less(type, element, origins[column]);
                if (Math.Abs(moved) > Largest)
                    throw reader.Refusal(position, element, $"column {column} (from 0) goes beyond {Largest:R}, more than single precision has room for: divide it by a power of ten");
                largest = Math.Max(largest, Math.Abs(moved));
                var narrow = (float)moved;
                if (row == 0) first[column] = narrow;
                else varies |= narrow != first[column];
                if (isWide)
                {
                    before[row] += Mixed(Bits(type, element), column);
                    after[row] += Mixed(BitConverter.SingleToUInt32Bits(narrow + 0f), column);
                }
                return narrow;
            });
        }
        if (largest is > 0 and < Smallest)
            throw new MedTransferException($"{path}: no value differs by as much as {Smallest:R} from the others, too little for single precision: multiply all by a power of ten");
        return new(values, Distinct(before) - Distinct(after), !varies);
    }

    /// <summary>An element less its column's origin: whole numbers beyond 2^53 are subtracted as such.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Less(NpyType type, ReadOnlySpan<byte> element, double origin) =>
        origin == 0 || !type.IsInteger ? type.ToDouble(element) - origin
        : (double)((type.Kind == NpyKind.UnsignedInteger ? (ulong)type.ToInt64(element) : type.ToInt64(element)) - (Int128)origin);

    /// <summary>Equal for equal numbers, and only for them.</summary>
    private static ulong Bits(NpyType type, ReadOnlySpan<byte> element) =>
        type.IsInteger ? (ulong)type.ToInt64(element) : BitConverter.DoubleToUInt64Bits(type.ToDouble(element) + 0.0); // -0 becomes 0

    /// <summary>Added up over a row in any order, a number that another row has by an accident of 2^-64.</summary>
    private static ulong Mixed(ulong bits, int column) => SplitMix64.At(bits ^ ((ulong)column << 32), (ulong)column + 1);

    private static int Distinct(ulong[] rows) => new HashSet<ulong>(rows).Count;

    /// <summary>Row and column of one element after the other, in the order in which the file holds them.</summary>
    private sealed class Cell(NpyHeader header)
    {
        public int Row { get; private set; }

        public int Column { get; private set; }

        public void Advance()
        {
            if (header.FortranOrder)
            {
                if (++Row == header.Shape[0]) (Row, Column) = (0, Column + 1);
            }
            else if (++Column == header.Shape[1])
            {
                (Row, Column) = (Row + 1, 0);
            }
        }
    }
}
