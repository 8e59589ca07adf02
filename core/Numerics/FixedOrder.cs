using System.Runtime.Intrinsics;

namespace MedTransfer.Numerics;

/// <summary>
/// Work split and summed in an order that does not depend on the number of threads: the caller fixes the number of parts,
/// the threads only share them out.
/// </summary>
internal static class FixedOrder
{
    /// <summary>Ranges that items are summed in.</summary>
    private const int Ranges = 16;

    /// <summary>Runs each of <paramref name="parts"/> once, on up to <paramref name="threads"/> threads (null: every core).</summary>
    internal static void ForEachPart(int parts, int? threads, Action<int> part, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (threads == 1 || parts == 1)
        {
            for (var i = 0; i < parts; i++) part(i);
            return;
        }
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1, CancellationToken = cancellation }, part);
    }

    /// <summary>Adds to its own sums, 0 at first, what items from start to before end have.</summary>
    internal delegate void AddSums(int start, int end, Span<double> sums);

    /// <summary>Sums over <paramref name="count"/> items, of <paramref name="width"/> numbers each: those of a fixed number of ranges, added in their order.</summary>
    internal static double[] Sums(int count, int width, int? threads, AddSums add, CancellationToken cancellation = default)
    {
        var parts = new double[Ranges][];
        ForEachPart(Ranges, threads, part =>
        {
            var (start, end) = Range(count, part, Ranges);
            add(start, end, parts[part] = new double[width]);
        }, cancellation);
        for (var part = 1; part < Ranges; part++) DoubleVectors.Add(parts[0], 1, parts[part]);
        return parts[0];
    }

    /// <summary>Runs a fixed number of ranges of <paramref name="count"/> items, told the first and the one after the last.</summary>
    internal static void ForEachRange(int count, int? threads, Action<int, int> range, CancellationToken cancellation = default) =>
        ForEachPart(Ranges, threads, part =>
        {
            var (start, end) = Range(count, part, Ranges);
            if (start < end) range(start, end);
        }, cancellation);

    /// <summary>The half-open range of <paramref name="count"/> items that part <paramref name="part"/> of <paramref name="parts"/> holds.</summary>
    internal static (int Start, int End) Range(int count, int part, int parts) =>
        ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));

    /// <summary>Sum of the lanes in double, always in the same order; <c>Vector256.Sum</c> leaves its order to the machine.</summary>
    internal static double Sum(Vector256<float> lanes)
    {
        var (low, high) = Vector256.Widen(lanes);
        return Sum(low + high);
    }

    /// <inheritdoc cref="Sum(Vector256{float})"/>
    internal static double Sum(Vector256<double> lanes) =>
        lanes.GetElement(0) + lanes.GetElement(1) + (lanes.GetElement(2) + lanes.GetElement(3));
}
