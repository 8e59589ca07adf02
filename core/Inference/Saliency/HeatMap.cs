using MedTransfer.Data;
using static TorchSharp.torch;

namespace MedTransfer.Inference.Saliency;

/// <summary>A map of where a model looks, laid over its image.</summary>
public static class HeatMap
{
    /// <summary>How much of a pixel the map covers where it is highest.</summary>
    private const float Cover = .65f;

    /// <summary>From dark violet to light yellow, each step lighter than the last, so that it reads in grey and to the colour-blind.</summary>
    private static readonly (float Red, float Green, float Blue)[] Colours = [(20, 11, 53), (87, 16, 110), (188, 55, 84), (249, 142, 9), (252, 255, 164)];

    /// <summary>A PNG of an image of a split with its map over it.</summary>
    /// <param name="maps">(n, S, S), 0 to 1, S the image's side.</param>
    /// <param name="map">Which of them.</param>
    public static byte[] Png(Split images, int image, float[,,] maps, int map)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = NewDisposeScope();
        var (channels, side, _) = images.Source.Shape;
        var planes = images.Source.Batch(image, image + 1).contiguous().data<byte>().ToArray();
        var pixels = new byte[3 * side * side];
        for (var pixel = 0; pixel < side * side; pixel++)
        {
            var height = maps[map, pixel / side, pixel % side];
            var (red, green, blue) = ColourOf(height);
            float Under(int channel) => planes[Math.Min(channel, channels - 1) * side * side + pixel];
            pixels[3 * pixel] = Blend(Under(0), red, Cover * height);
            pixels[3 * pixel + 1] = Blend(Under(1), green, Cover * height);
            pixels[3 * pixel + 2] = Blend(Under(2), blue, Cover * height);
        }

        return Data.Formats.Png.Encode(pixels, side, side, 3);
    }

    private static byte Blend(float under, float over, float share) => (byte)Math.Clamp(Math.Round(under + share * (over - under)), 0, byte.MaxValue);

    private static (float Red, float Green, float Blue) ColourOf(float height)
    {
        var place = Math.Clamp(height, 0, 1) * (Colours.Length - 1);
        var step = Math.Min((int)place, Colours.Length - 2);
        var (low, high, share) = (Colours[step], Colours[step + 1], place - step);
        return (low.Red + share * (high.Red - low.Red), low.Green + share * (high.Green - low.Green), low.Blue + share * (high.Blue - low.Blue));
    }
}
