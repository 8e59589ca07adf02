using System.Runtime.InteropServices;
using MedTransfer.Models.Weights;

namespace MedTransfer.Training.Checkpoints;

/// <summary>Adam's moments as a checkpoint holds them: each an array of floats, or its codes and the scales of their blocks.</summary>
internal static class StoredMoments
{
    private const string Codes = ".codes", Scales = ".scales";

    /// <summary>Moments in eight bits a number; of the second, none that is above 0 becomes 0, as a step divides by its root.</summary>
    public static IReadOnlyDictionary<string, SafeTensor> InEightBits(IReadOnlyDictionary<string, SafeTensor> moments)
    {
        var stored = new Dictionary<string, SafeTensor>();
        foreach (var (name, moment) in moments)
        {
            var (codes, scales) = KindOf(name).Quantise(MemoryMarshal.Cast<byte, float>(moment.Data.Span));
            stored[name + Codes] = new(SafeTensorType.U8, moment.Shape, codes);
            stored[name + Scales] = new(SafeTensorType.F32, [scales.Length], MemoryMarshal.AsBytes<float>(scales).ToArray());
        }

        return stored;
    }

    /// <summary>Moments as arrays of floats, however they are stored.</summary>
    public static IReadOnlyDictionary<string, SafeTensor> InFull(IReadOnlyDictionary<string, SafeTensor> stored) => stored
        .Where(tensor => !tensor.Key.EndsWith(Scales, StringComparison.Ordinal))
        .ToDictionary(tensor => Named(tensor.Key), tensor => tensor.Key == Named(tensor.Key) ? tensor.Value : InFull(Named(tensor.Key), tensor.Value, stored));

    private static SafeTensor InFull(string name, SafeTensor codes, IReadOnlyDictionary<string, SafeTensor> stored)
    {
        var values = KindOf(name).Values(codes.Data.Span, MemoryMarshal.Cast<byte, float>(stored[name + Scales].Data.Span));
        return new(SafeTensorType.F32, codes.Shape, MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    private static string Named(string stored) => stored.EndsWith(Codes, StringComparison.Ordinal) ? stored[..^Codes.Length] : stored;

    private static BlockwiseQuantisation KindOf(string moment) => moment == CheckpointState.FirstMoment ? BlockwiseQuantisation.Signed : BlockwiseQuantisation.Positive;
}
