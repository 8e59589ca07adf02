using MedTransfer.Runtime;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Runtime;

[Collection(OneAtATime.Name)]
public sealed class MemoryShortageTests
{
    [Fact]
    public void What_libtorch_says_of_too_much_is_known()
    {
        var error = Record.Exception(() => empty([1L << 25, 1L << 25]).Dispose());   // 4 PiB

        Assert.True(MemoryShortage.Is(error!), $"{error}");
    }

    [Fact]
    public void Other_errors_of_libtorch_are_none()
    {
        using var two = zeros(2);
        using var three = zeros(3);

        Assert.False(MemoryShortage.Is(Record.Exception(() => two.add(three))!));
    }
}
