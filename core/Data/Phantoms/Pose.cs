namespace MedTransfer.Data.Phantoms;

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
