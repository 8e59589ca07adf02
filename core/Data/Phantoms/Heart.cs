namespace MedTransfer.Data.Phantoms;

/// <summary>The shadow between the lungs: heart, great vessels, aortic knob.</summary>
internal sealed class Heart(Anatomy anatomy)
{
    // The sine and cosine of the heart's tilt, 30 degrees.
    private const double Sine = 0.5, Cosine = 0.866;

    private readonly double middle = Math.Min(anatomy.RightDome, anatomy.LeftDome) - 0.56 * anatomy.HeartHalfHeight;

    // Farther out there is none of it.
    private readonly double reach = Math.Max(anatomy.HeartHalfWidth, anatomy.Mediastinum) + 0.12;

    /// <summary>1 inside the shadow, 0 outside, a soft border.</summary>
    public double Inside(double x, double y)
    {
        if (x < -reach || x > reach + anatomy.HeartShift) return 0;
        var down = y - middle;
        var ventricles = Blob(Cosine * (x - anatomy.HeartShift) + Sine * down, Cosine * down - Sine * (x - anatomy.HeartShift),
            anatomy.HeartHalfWidth, anatomy.HeartHalfHeight);
        var atrium = Blob(x + 0.36 * anatomy.HeartHalfWidth - 0.06, down + 0.02, 0.52 * anatomy.HeartHalfWidth, 0.85 * anatomy.HeartHalfHeight);
        var shadow = Curve.Joined(ventricles, atrium, 0.06);
        if (down < anatomy.HeartHalfHeight)
        {
            // The great vessels widen towards the heart.
            var stem = anatomy.Mediastinum + 0.07 * Curve.Step(0.2, 1, y - anatomy.Apex) - Math.Abs(x - 0.02) - 0.6 * Math.Max(0, down);
            var knob = Blob(x - anatomy.Mediastinum + 0.005, y - anatomy.Apex - 0.45, anatomy.AorticKnob, 1.2 * anatomy.AorticKnob);
            var trunk = Blob(x - anatomy.Mediastinum, y - anatomy.Apex - 0.65, anatomy.AorticKnob, 1.6 * anatomy.AorticKnob);
            shadow = Curve.Joined(Curve.Joined(shadow, stem, 0.10), Curve.Joined(knob, trunk, 0.05), 0.05);
        }
        return Curve.Step(-0.014, 0.018, shadow);
    }

    // About the distance to an ellipse's border, positive inside.
    private static double Blob(double x, double y, double halfWidth, double halfHeight) =>
        Curve.Ellipse(x, y, halfWidth, halfHeight) * Math.Min(halfWidth, halfHeight);
}
