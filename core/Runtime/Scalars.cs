using System.Collections.Concurrent;
using TorchSharp;

namespace MedTransfer.Runtime;

/// <summary>
/// Numbers as TorchSharp's operations take them. An operation passes on the address of a number's native copy, but does not keep the number
/// alive: one that is made on the spot, as C# does of a literal, may be collected in the middle of the call, which then reads what is there by
/// then. So numbers of a tensor's operation come from here, where they are never collected, or are disposed of after it by <c>using</c>. The
/// same holds for those that TorchSharp makes itself: <c>a + b</c> and <c>add(b)</c> make the factor of b, a number b too, <c>square()</c> its exponent.
/// </summary>
public static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> All = new();

    /// <summary>1, as the factor of what is added too.</summary>
    public static Scalar One { get; } = Kept(1);

    /// <summary>The number, kept as long as the process runs: for those of which there are few, not for one a step.</summary>
    public static Scalar Kept(double value) => All.GetOrAdd(value, number => number);
}
