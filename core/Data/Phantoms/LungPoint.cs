namespace MedTransfer.Data.Phantoms;

/// <summary>A point of a lung's shadow, and where in the lung it is; lengths in body units.</summary>
/// <param name="Side">-1 in the patient's right lung, 1 in the left.</param>
/// <param name="ToWall">Distance to the ribs, sideways.</param>
/// <param name="ToBase">Distance to the diaphragm, downwards.</param>
/// <param name="ToApex">Distance to the height of the lung's tip, upwards.</param>
/// <param name="ToHilum">Distance to where the vessels enter.</param>
internal readonly record struct LungPoint(
    double X, double Y, int Side, double ToWall, double ToBase, double ToApex, double ToHilum);

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
