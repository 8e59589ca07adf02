namespace MedTransfer.Data.Phantoms;

/// <summary>The shadow between the lungs: heart, great vessels, aortic knob.</summary>
internal sealed class Heart(Anatomy anatomy)
{
    private const double Edge = 0.05;

    // The sine and cosine of the heart's tilt, about 30 degrees.
    private const double Sine = 0.5, Cosine = 0.866;

    private readonly double height = Math.Min(anatomy.RightDome, anatomy.LeftDome) - 0.62 * anatomy.HeartHalfHeight;

    /// <summary>1 inside the shadow, 0 outside, a soft border.</summary>
    public double Inside(double x, double y)
    {
        var (dx, dy) = (x - anatomy.HeartShift, y - height);
        var ventricles = Curve.Ellipse(Cosine * dx + Sine * dy, Cosine * dy - Sine * dx, anatomy.HeartHalfWidth, anatomy.HeartHalfHeight);
        var atrium = Curve.Ellipse(x + 0.35 * anatomy.HeartHalfWidth - 0.06, dy + 0.02, 0.55 * anatomy.HeartHalfWidth, 0.8 * anatomy.HeartHalfHeight);
        var inside = Curve.Step(-Edge, Edge, Math.Max(ventricles, atrium));
        if (dy > 0) return inside;

        var knob = Curve.Ellipse(x - anatomy.Mediastinum, y - anatomy.Apex - 0.46, anatomy.AorticKnob, 1.15 * anatomy.AorticKnob);
        var trunk = Curve.Ellipse(x - anatomy.Mediastinum - 0.03, y - anatomy.Apex - 0.63, 0.8 * anatomy.AorticKnob, 1.1 * anatomy.AorticKnob);
        var vessels = Math.Max(Curve.Step(-0.15, 0.15, knob), 0.8 * Curve.Step(-0.2, 0.2, trunk));
        var between = Curve.Step(0.02, -0.02, Math.Abs(x - 0.01) - anatomy.Mediastinum);
        return Math.Max(inside, Math.Max(vessels, 0.85 * between));
    }
}
