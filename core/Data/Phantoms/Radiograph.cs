namespace MedTransfer.Data.Phantoms;

/// <summary>One image before it is taken: whose chest, with what, how it is placed and exposed.</summary>
internal sealed record Radiograph
{
    public required Anatomy Patient { get; init; }

    public required IReadOnlyDictionary<FindingKind, Finding> Findings { get; init; }

    public required Pose Pose { get; init; }

    /// <summary>Middle grey lies this much above the mean attenuation of the picture.</summary>
    public required double LevelOffset { get; init; }

    public required double Contrast { get; init; }

    public required double Noise { get; init; }

    public required ulong Grain { get; init; }

    /// <summary>The picture: (S, S) grey levels.</summary>
    /// <param name="absent">A finding to leave out, all else and the exposure being the same; null for none.</param>
    public byte[] Take(int size, FindingKind? absent = null)
    {
        var attenuations = Attenuations(size, null);
        // As an automatic exposure does, this takes away what a finding adds to the whole picture's brightness.
        var exposure = new Exposure(Mean(attenuations) + LevelOffset, Contrast, Noise, Grain);
        return exposure.Develop(absent is null ? attenuations : Attenuations(size, absent), size);
    }

    // In a fixed order, which the framework's does not promise.
    private static double Mean(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    private double[] Attenuations(int size, FindingKind? absent)
    {
        var present = Findings.Where(found => found.Key != absent).OrderBy(found => found.Key).Select(found => found.Value);
        var thorax = new Thorax(Patient, [.. present]);
        // Rays stand closer than the finest shapes are wide.
        var rays = size < 112 ? 2 : 1;
        var step = 2.0 / (size * rays);
        var pixels = new double[size * size];
        for (var row = 0; row < size * rays; row++)
        {
            for (var column = 0; column < size * rays; column++)
            {
                var (x, y) = Pose.ToBody((column + 0.5) * step - 1, (row + 0.5) * step - 1);
                pixels[row / rays * size + column / rays] += thorax.Attenuation(x, y);
            }
        }
        for (var i = 0; i < pixels.Length; i++) pixels[i] /= rays * rays;
        return pixels;
    }
}
