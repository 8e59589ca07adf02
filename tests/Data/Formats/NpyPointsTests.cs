using System.Buffers.Binary;
using MedTransfer.Data.Formats;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Formats;

public sealed class NpyPointsTests : IDisposable
{
    private const double Far = 1e9;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> WideTypes => ["<f8", ">f8", "<i4", "<i8", ">i8", "<u8", "<u4"];

    [Theory]
    [MemberData(nameof(WideTypes))]
    public void A_column_far_from_0_keeps_what_tells_its_values_apart(string type)
    {
        var points = type[1] == 'f'
            ? Read(type, (i, j) => j == 1 ? i : Far + i / 1000.0)
            : ReadWhole(type, (i, j) => j == 1 ? i : type[2] == '8' ? (1L << 60) + i : (long)Far + i);
        var step = type[1] == 'f' ? 0.001 : 1;
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(i * step, points.Values[i, 0] - points.Values[0, 0], step * 1e-3);
            Assert.Equal(i, points.Values[i, 1]);
        }
        Assert.Equal((0, false), (points.Merged, points.AreAllTheSame));
    }

    [Fact]
    public void Columns_near_0_are_the_files_values_rounded_once()
    {
        double Value(int i, int j) => Math.Sin(i + 100 * j) * Math.Pow(10, j) + 3 * j;
        var points = Read("<f8", Value);
        for (var i = 0; i < 8; i++)
        {
            for (var j = 0; j < 2; j++) Assert.Equal((float)Value(i, j), points.Values[i, j]);
        }
    }

    [Fact]
    public void Zeros_for_missing_values_do_not_cost_the_others_their_digits()
    {
        var points = Read("<f8", (i, _) => i == 3 ? 0 : Far + i / 1000.0).Values;
        Assert.Equal(0.004, points[6, 0] - points[2, 0], 1e-6);
        Assert.Equal(-Far, points[3, 0] - points[2, 0], 100.0);
    }

    [Fact]
    public void Columns_in_Fortran_order_are_moved_each_by_its_own()
    {
        var bytes = new List<byte>();
        for (var j = 0; j < 2; j++)
        {
            for (var i = 0; i < 3; i++) bytes.AddRange(BitConverter.GetBytes(j == 0 ? Far + i : i));
        }
        var points = Read(NpyBytes.Of("<f8", "(3, 2)", [.. bytes], fortranOrder: true)).Values;
        Assert.Equal([-1f, 0f, 1f], Enumerable.Range(0, 3).Select(i => points[i, 0]));
        Assert.Equal([0f, 1f, 2f], Enumerable.Range(0, 3).Select(i => points[i, 1]));
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void What_is_not_finite_is_refused_by_its_place(double value, string shown)
    {
        var error = Assert.Throws<MedTransferException>(() => Read("<f8", (i, j) => i == 5 && j == 1 ? value : i));
        Assert.Contains($"[5, 1] is {shown}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_beyond_single_precision_are_refused_with_their_column()
    {
        var error = Assert.Throws<MedTransferException>(() => Read("<f8", (i, j) => j == 1 ? i * 1e300 : i));
        Assert.Contains("column 1", error.Message, StringComparison.Ordinal);
        // around one value there is nothing beyond
        Assert.True(Read("<f8", (i, _) => 1e300).AreAllTheSame);
    }

    [Fact]
    public void Values_too_small_for_single_precision_are_refused() =>
        Assert.Contains("multiply", Assert.Throws<MedTransferException>(() => Read("<f8", (i, _) => i * 1e-300)).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_that_become_the_same_are_counted()
    {
        // two crowds 1e9 apart, whose members differ by 1 and 2 thousandths: one of them can be kept
        var points = Read("<f8", (i, _) => (i < 5 ? Far : 0) + i / 1000.0);
        Assert.Equal(2, points.Merged);
        Assert.False(points.AreAllTheSame);
        // duplicates of the file are no loss
        Assert.Equal(0, Read("<f8", (i, _) => i / 2 / 3.0).Merged);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(-1e9)]
    public void Points_that_are_all_the_same_are_known_as_such(double value) =>
        Assert.True(Read("<f8", (_, _) => value).AreAllTheSame);

    [Fact]
    public void Shape_is_told_from_the_header_and_other_ranks_are_refused_with_a_way_out()
    {
        File.WriteAllBytes(folder["x.npy"], Bytes("<f8", (i, _) => i));
        Assert.Equal((8, 2), NpyPoints.ShapeOf(folder["x.npy"]));
        Assert.Contains("reshape", Assert.Throws<MedTransferException>(() => Read(NpyBytes.Of("|u1", "(2, 2, 1)", [1, 2, 3, 4]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_beyond_single_precision_are_refused_by_their_place()
    {
        File.WriteAllBytes(folder["x.npy"], Bytes("<f8", (i, j) => i == 2 && j == 1 ? 1e300 : i));
        Assert.Contains("[2, 1] is 1E+300", Assert.Throws<MedTransferException>(() => NpyFile.ReadMatrix(folder["x.npy"])).Message, StringComparison.Ordinal);
    }

    private NpyPoints Read(string type, Func<int, int, double> value) => Read(Bytes(type, value));

    private NpyPoints ReadWhole(string type, Func<int, int, long> value) => Read(WholeBytes(type, value));

    private NpyPoints Read(byte[] file)
    {
        File.WriteAllBytes(folder["x.npy"], file);
        return NpyPoints.Read(folder["x.npy"]);
    }

    private static byte[] Bytes(string type, Func<int, int, double> value) => Matrix(type, (bytes, i, j) =>
    {
        if (type[0] == '>') BinaryPrimitives.WriteDoubleBigEndian(bytes, value(i, j));
        else BinaryPrimitives.WriteDoubleLittleEndian(bytes, value(i, j));
    });

    private static byte[] WholeBytes(string type, Func<int, int, long> value) => Matrix(type, (bytes, i, j) =>
    {
        if (type[0] == '>') BinaryPrimitives.WriteInt64BigEndian(bytes, value(i, j));
        else if (type[2] == '8') BinaryPrimitives.WriteInt64LittleEndian(bytes, value(i, j));
        else BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value(i, j));
    });

    private delegate void WriteElement(Span<byte> bytes, int i, int j);

    private static byte[] Matrix(string type, WriteElement write)
    {
        var size = type[2] - '0';
        var bytes = new byte[16 * size];
        for (var i = 0; i < 8; i++)
        {
            for (var j = 0; j < 2; j++) write(bytes.AsSpan((2 * i + j) * size, size), i, j);
        }
        return NpyBytes.Of(type, "(8, 2)", bytes);
    }
}
