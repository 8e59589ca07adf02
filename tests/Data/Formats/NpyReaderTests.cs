using System.Text;
using FsCheck.Xunit;
using MedTransfer.Data.Formats;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Formats;

public sealed class NpyReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("|b1", "00 01 02", new[] { 0.0, 1, 1 })]
    [InlineData("|i1", "80 FF 7F", new[] { -128.0, -1, 127 })]
    [InlineData("|u1", "80 FF 7F", new[] { 128.0, 255, 127 })]
    [InlineData("<i2", "FE FF 00 01", new[] { -2.0, 256 })]
    [InlineData(">i2", "FF FE 01 00", new[] { -2.0, 256 })]
    [InlineData("<u2", "FE FF", new[] { 65534.0 })]
    [InlineData("<i4", "FE FF FF FF", new[] { -2.0 })]
    [InlineData(">u4", "FF FF FF FE", new[] { 4294967294.0 })]
    [InlineData("<i8", "FE FF FF FF FF FF FF FF", new[] { -2.0 })]
    [InlineData(">u8", "80 00 00 00 00 00 00 00", new[] { 9223372036854775808.0 })]
    [InlineData("<f2", "00 3C 00 C0", new[] { 1.0, -2 })]
    [InlineData(">f4", "3F 80 00 00", new[] { 1.0 })]
    [InlineData("<f8", "00 00 00 00 00 00 F8 3F", new[] { 1.5 })]
    public void Elements_of_every_plain_type_are_read(string descr, string hex, double[] expected)
    {
        var npy = NpyBytes.Of(descr, $"({expected.Length},)", Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        using var file = Npz(npy);

        Assert.Equal(expected, file.ReadDouble("x"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Versions_1_to_3_are_read(byte version)
    {
        using var file = Npz(NpyBytes.Of("|u1", "(2,)", [7, 9], version: version));

        Assert.Equal([7, 9], file.ReadInt64("x"));
    }

    [Fact]
    public void Fortran_order_comes_back_in_C_order()
    {
        // NumPy 1.24.2: numpy.asfortranarray(numpy.arange(6, dtype='u1').reshape(1, 2, 3)).tobytes('A')
        using var file = Npz(NpyBytes.Of("|u1", "(1, 2, 3)", [0, 3, 1, 4, 2, 5], fortranOrder: true));

        Assert.Equal([0, 1, 2, 3, 4, 5], file.ReadInt64("x"));
    }

    [Theory]
    [InlineData("()", 1)]
    [InlineData("(0, 5)", 0)]
    [InlineData("(2L, 1L)", 2)]
    [InlineData("( 1,2 , 1 )", 2)]
    public void Shapes_without_axes_or_elements_or_of_Python_2_are_read(string shape, int elements)
    {
        using var file = Npz(NpyBytes.Of("|u1", shape, new byte[elements]));

        Assert.Equal(elements, file.ReadInt64("x").Length);
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "Python objects")]
    [InlineData("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", "records (a structured type)")]
    [InlineData("{'descr': '<U8', 'fortran_order': False, 'shape': (1,), }", "type '<U8' cannot be read; save whole numbers")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8' cannot be read")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }", "negative length")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "1 bytes of data where (2,) uint8 takes 2")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (0,), }", "1 bytes of data where (0,) uint8 takes 0")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776,), }", "takes 1099511627776")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296), }", "more elements than any file")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }", "whole numbers")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (1), }", "not a tuple")]
    [InlineData("{'descr': '|u1', 'fortran_order': 0, 'shape': (1,), }", "neither True nor False")]
    [InlineData("{'descr': '|u1', 'shape': (1,), }", "no 'descr', 'fortran_order' or 'shape'")]
    [InlineData("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", "unexpected entry 'descr'")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1}", "unexpected entry 'more'")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), } x", "text after its end")]
    [InlineData("{'descr': '|u1", "string without an end")]
    [InlineData("", "no '{'")]
    public void Headers_that_cannot_be_read_or_believed_are_refused(string header, string message)
    {
        using var file = Npz(NpyBytes.Of(header, [1]));

        var error = Assert.Throws<MedTransferException>(() => file.ReadDouble("x"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{folder["a.npz"]}: x: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Shape_of_a_thousand_axes_is_refused()
    {
        using var file = Npz(NpyBytes.Of("|u1", $"({string.Concat(Enumerable.Repeat("1, ", 1000))})", [1]));

        Assert.Contains("1000 axes", Assert.Throws<MedTransferException>(() => file.ReadInt64("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_of_a_gigabyte_is_refused_unread()
    {
        using var file = Npz([0x93, .. "NUMPY"u8, 2, 0, 0, 0, 0, 0x40]);

        Assert.Contains("a header of 1073741824 bytes", Assert.Throws<MedTransferException>(() => file.ReadInt64("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_4_is_refused()
    {
        using var file = Npz(NpyBytes.Of("|u1", "(1,)", [1], version: 4));

        Assert.Contains("version 4.0", Assert.Throws<MedTransferException>(() => file.ReadInt64("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fractions_are_not_read_as_whole_numbers()
    {
        using var file = Npz(NpyBytes.Of("<f2", "(1,)", [0, 0x3C]));

        Assert.Contains("float16 where whole numbers", Assert.Throws<MedTransferException>(() => file.ReadInt64("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writer_writes_the_bytes_that_NumPy_writes()
    {
        NpyWriter.Write(folder["a.npy"], new[,] { { 1f, 2.5f }, { 3f, -4f } });

        // NumPy 1.24.2: numpy.save('a.npy', numpy.array([[1, 2.5], [3, -4]], dtype='<f4'))
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }".PadRight(117) + "\n";
        byte[] expected =
        [
            0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header),
            0, 0, 0x80, 0x3F, 0, 0, 0x20, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0xC0,
        ];
        Assert.Equal(expected, File.ReadAllBytes(folder["a.npy"]));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    [InlineData(300, 1001)]
    public void Matrix_survives_writing_and_reading(int rows, int columns)
    {
        var matrix = new float[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) matrix[row, column] = MathF.Sin(row * columns + column);
        }

        NpyWriter.Write(folder["a.npy"], matrix);

        Assert.Equal(matrix, NpyFile.ReadMatrix(folder["a.npy"]));
    }

    [Property(MaxTest = 50, Replay = "20230607,11")]
    public void Doubles_survive_writing_and_reading_bit_for_bit(double[] values) => Survive(values, file => file.ReadDouble("x"));

    [Property(MaxTest = 50, Replay = "20230607,11")]
    public void Whole_numbers_survive_writing_and_reading(long[] values) => Survive(values, file => file.ReadInt64("x"));

    [Fact]
    public void Matrix_of_another_rank_is_refused()
    {
        File.WriteAllBytes(folder["a.npy"], NpyBytes.Of("|u1", "(3,)", [1, 2, 3]));

        Assert.Contains("shape (3,)", Assert.Throws<MedTransferException>(() => NpyFile.ReadMatrix(folder["a.npy"])).Message, StringComparison.Ordinal);
    }

    private void Survive<T>(T[] values, Func<NpzFile, T[]> read)
    {
        foreach (var compressed in new[] { false, true })
        {
            NpzWriter.Write(folder["a.npz"], [new("x", values)], compressed);
            using var file = NpzFile.Open(folder["a.npz"]);
            Assert.Equal(values, read(file));
        }
    }

    private NpzFile Npz(byte[] npy)
    {
        File.WriteAllBytes(folder["a.npz"], NpyBytes.Zip(("x.npy", npy)));
        return NpzFile.Open(folder["a.npz"]);
    }
}
