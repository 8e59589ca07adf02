using System.Buffers.Binary;
using MedTransfer.Data.Phantoms;

namespace MedTransfer.Tests.Data.Phantoms;

public sealed class PhantomSheetTests
{
    [Fact]
    public void Sheet_is_a_png_of_four_rows_of_eight()
    {
        var png = Phantom.Sheet(28);

        Assert.Equal(8 * 31 + 3, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(4 * 31 + 3, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.Equal(png, Phantom.Sheet(28));
    }
}
