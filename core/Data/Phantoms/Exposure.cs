namespace MedTransfer.Data.Phantoms;

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
