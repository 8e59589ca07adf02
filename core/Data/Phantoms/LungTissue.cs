namespace MedTransfer.Data.Phantoms;

/// <summary>What a ray meets in the lung; findings change it.</summary>
internal struct LungTissue
{
    /// <summary>Air relative to a healthy lung's; 1 where nothing is wrong.</summary>
    public double Air { get; set; }

    /// <summary>Share of the air that something dense has taken the place of, 0 to 1.</summary>
    public double Opacity { get; set; }

    /// <summary>Strength of the vessels relative to a healthy lung's.</summary>
    public double Vessels { get; set; }

    /// <summary>Attenuation that comes on top: a line, a rim.</summary>
    public double Added { get; set; }

    /// <summary>Puts an opacity, 0 to 1, in front of those that are there.</summary>
    public void Cover(double opacity) => Opacity = Curve.Behind(Opacity, opacity);
}
