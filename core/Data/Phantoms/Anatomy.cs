namespace MedTransfer.Data.Phantoms;

/// <summary>
/// A chest seen from the front, in body units: x from the spine to the patient's left (right in the picture), y down, and about two
/// units to the picture's side. Side -1 is the patient's right.
/// </summary>
internal sealed record Anatomy
{
    /// <summary>Greatest half width of the rib cage inside, and the height at which it has it.</summary>
    public required double CageHalfWidth { get; init; }

    public required double CageCentre { get; init; }

    /// <summary>From there up to the tips of the lungs.</summary>
    public required double CageHeight { get; init; }

    /// <summary>Tops of the diaphragm's two domes.</summary>
    public required double RightDome { get; init; }

    public required double LeftDome { get; init; }

    /// <summary>How much lower the diaphragm is at the wall than at its top.</summary>
    public required double DomeRise { get; init; }

    public required double HeartHalfWidth { get; init; }

    public required double HeartHalfHeight { get; init; }

    /// <summary>How far the middle of the heart lies to the left.</summary>
    public required double HeartShift { get; init; }

    /// <summary>Half width of the shadow between the lungs above the heart.</summary>
    public required double Mediastinum { get; init; }

    public required double AorticKnob { get; init; }

    public required double RibSpacing { get; init; }

    /// <summary>How much lower a rib is at the wall than at the spine.</summary>
    public required double RibSlope { get; init; }

    public required double RibStrength { get; init; }

    public required double ClavicleHeight { get; init; }

    public required double ClavicleTilt { get; init; }

    /// <summary>Thickness of the wall in front of and behind the lungs.</summary>
    public required double Wall { get; init; }

    /// <summary>From the rib cage out to the skin.</summary>
    public required double Flank { get; init; }

    /// <summary>Density of the breasts' shadows; 0 for none.</summary>
    public required double Breasts { get; init; }

    /// <summary>Strength of the vessels' shadows in the lungs.</summary>
    public required double Vessels { get; init; }

    /// <summary>Radius of the gas in the stomach; 0 for none.</summary>
    public required double StomachGas { get; init; }

    /// <summary>A child held by raised arms, which show in the upper corners.</summary>
    public required bool ArmsRaised { get; init; }

    /// <summary>Seed of the vessels and of the lungs' texture.</summary>
    public required ulong Pattern { get; init; }

    public double Apex => CageCentre - CageHeight;

    public static Anatomy Adult(Draws draws) => new()
    {
        CageHalfWidth = draws.Around(0.74, 0.045),
        CageCentre = draws.Around(0.30, 0.02),
        CageHeight = draws.Around(1.08, 0.05),
        RightDome = draws.Around(0.40, 0.05),
        LeftDome = draws.Around(0.45, 0.05),
        DomeRise = draws.Around(0.25, 0.03),
        HeartHalfWidth = draws.Around(0.32, 0.035),
        HeartHalfHeight = draws.Around(0.27, 0.03),
        HeartShift = draws.Around(0.11, 0.03),
        Mediastinum = draws.Around(0.12, 0.015),
        AorticKnob = draws.Around(0.085, 0.015),
        RibSpacing = draws.Around(0.155, 0.008),
        RibSlope = draws.Around(0.17, 0.04),
        RibStrength = draws.Around(0.11, 0.02),
        ClavicleHeight = draws.Around(-0.56, 0.035),
        ClavicleTilt = draws.Around(0.16, 0.05),
        Wall = draws.Around(0.30, 0.05),
        Flank = draws.Around(0.20, 0.05),
        Breasts = draws.Chance(0.45) ? draws.Between(0.03, 0.12) : 0,
        Vessels = draws.Around(0.20, 0.04),
        StomachGas = draws.Chance(0.6) ? draws.Between(0.06, 0.13) : 0,
        ArmsRaised = false,
        Pattern = draws.Seed(),
    };

    public static Anatomy Child(Draws draws) => new()
    {
        CageHalfWidth = draws.Around(0.66, 0.035),
        CageCentre = draws.Around(0.22, 0.03),
        CageHeight = draws.Around(0.80, 0.04),
        RightDome = draws.Around(0.36, 0.045),
        LeftDome = draws.Around(0.40, 0.045),
        DomeRise = draws.Around(0.16, 0.025),
        HeartHalfWidth = draws.Around(0.35, 0.03),
        HeartHalfHeight = draws.Around(0.28, 0.025),
        HeartShift = draws.Around(0.09, 0.02),
        Mediastinum = draws.Around(0.17, 0.03),
        AorticKnob = draws.Around(0.06, 0.01),
        RibSpacing = draws.Around(0.125, 0.007),
        RibSlope = draws.Around(0.06, 0.03),
        RibStrength = draws.Around(0.09, 0.015),
        ClavicleHeight = draws.Around(-0.50, 0.035),
        ClavicleTilt = draws.Around(0.26, 0.06),
        Wall = draws.Around(0.24, 0.04),
        Flank = draws.Around(0.11, 0.025),
        Breasts = 0,
        Vessels = draws.Around(0.15, 0.03),
        StomachGas = draws.Chance(0.7) ? draws.Between(0.07, 0.15) : 0,
        ArmsRaised = true,
        Pattern = draws.Seed(),
    };

    /// <summary>Half width of the rib cage at a height; 0 above the lungs.</summary>
    public double HalfWidth(double y)
    {
        var t = (y - CageCentre) / CageHeight;
        if (t > 0) return CageHalfWidth * (1 - 0.12 * t * t);
        return t <= -1 ? 0 : CageHalfWidth * Math.Sqrt(1 - t * t);
    }

    /// <summary>Height of the diaphragm at x.</summary>
    public double Dome(double x)
    {
        var t = (Math.Abs(x) / CageHalfWidth - 0.45) / 0.55;
        return (x < 0 ? RightDome : LeftDome) + DomeRise * t * t * (t > 0 ? 1 : 0.5);
    }

    /// <summary>A place in a lung.</summary>
    /// <param name="across">0 beside the heart, 1 at the wall.</param>
    /// <param name="down">0 at the tip, 1 on the diaphragm.</param>
    public (double X, double Y) InLung(int side, double across, double down)
    {
        var y = Apex + down * ((side < 0 ? RightDome : LeftDome) - Apex);
        var (inner, outer) = (Mediastinum + 0.05, HalfWidth(y));
        return (side * (inner + across * (outer - inner)), y);
    }
}
