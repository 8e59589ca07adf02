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

/// <summary>How a patient stands before the film: from picture units (-1 to 1 over the side, y down) to body units.</summary>
/// <param name="HalfAngle">Tangent of half the angle by which the body is turned in the picture's plane.</param>
/// <param name="Scale">Picture units a body unit.</param>
internal sealed record Pose(double ShiftX, double ShiftY, double HalfAngle, double Scale)
{
    private readonly double cosine = (1 - HalfAngle * HalfAngle) / (1 + HalfAngle * HalfAngle) / Scale;
    private readonly double sine = 2 * HalfAngle / (1 + HalfAngle * HalfAngle) / Scale;

    public (double X, double Y) ToBody(double x, double y)
    {
        var (dx, dy) = (x - ShiftX, y - ShiftY);
        return (cosine * dx + sine * dy, cosine * dy - sine * dx);
    }
}

/// <summary>How attenuation becomes grey.</summary>
/// <param name="Level">Attenuation that becomes middle grey.</param>
/// <param name="Contrast">How fast grey changes with attenuation there.</param>
/// <param name="Noise">Standard deviation of the noise, in grey levels, of a picture of 28 pixels; more where pixels are smaller.</param>
/// <param name="Grain">Seed of the noise.</param>
internal sealed record Exposure(double Level, double Contrast, double Noise, ulong Grain)
{
    /// <summary>The picture of (S, S) attenuations: 0, black, where much of the beam arrives.</summary>
    public byte[] Develop(double[] attenuations, int size)
    {
        var grain = new Draws(Grain);
        var noise = Noise * Math.Sqrt(size / 28.0);
        var grey = new byte[attenuations.Length];
        for (var i = 0; i < grey.Length; i++)
        {
            var t = Contrast * (attenuations[i] - Level);
            var value = 127.5 * (1 + t / Math.Sqrt(1 + t * t)) + grain.Around(0, noise);
            grey[i] = (byte)Math.Clamp(Math.Floor(value + 0.5), 0, 255);
        }
        return grey;
    }
}
