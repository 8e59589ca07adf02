using System.Runtime.InteropServices;

namespace MedTransfer.Inference.Saliency;

/// <summary>Takes maps to the range that all of them have.</summary>
internal static class UnitRange
{
    /// <summary>The values of one map, row after row.</summary>
    public static Span<float> MapOf(float[,,] maps, int image) => MapsFrom(maps, image)[..(maps.GetLength(1) * maps.GetLength(2))];

    /// <summary>The values of one map and all that follow.</summary>
    public static Span<float> MapsFrom(float[,,] maps, int image) =>
        MemoryMarshal.CreateSpan(ref maps[image, 0, 0], (maps.GetLength(0) - image) * maps.GetLength(1) * maps.GetLength(2));

    /// <summary>Divides each map by its highest value, so that this is 1; what is below 0 is 0, and so is all of a map that has nothing above.</summary>
    public static void Scale(float[,,] maps)
    {
        for (var image = 0; image < maps.GetLength(0); image++)
        {
            var map = MapOf(maps, image);
            var highest = 0f;
            foreach (var value in map)
                highest = Math.Max(highest, value);
            foreach (ref var value in map)
                value = value > 0 ? value / highest : 0;
        }
    }
}
