namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>An area of the lung whose air is replaced, whatever by: the same physics for a nodule and for pneumonia.</summary>
internal sealed record Patch
{
    public required double X { get; init; }

    public required double Y { get; init; }

    public required double HalfWidth { get; init; }

    public required double HalfHeight { get; init; }

    /// <summary>Opacity in the middle, 0 to 1.</summary>
    public required double Density { get; init; }

    /// <summary>Width of the border in parts of the radius.</summary>
    public required double Softness { get; init; }

    /// <summary>How irregular the outline is, in parts of the radius.</summary>
    public double Ragged { get; init; }

    /// <summary>Share of the opacity that comes and goes inside, 0 to 1.</summary>
    public double Mottled { get; init; }

    public ulong Pattern { get; init; }

    public double Opacity(double x, double y)
    {
        var inside = Curve.Ellipse(x - X, y - Y, HalfWidth, HalfHeight);
        if (inside < -Ragged - Softness) return 0;
        var texture = new Texture(Pattern);
        var outline = Ragged == 0 ? inside : inside + Ragged * (2 * texture.Rough(7 * x, 7 * y) - 1);
        var mottling = Mottled == 0 ? 1 : 1 - Mottled * Curve.Step(0.35, 0.7, texture.Rough(12 * x + 50, 12 * y));
        return Density * mottling * Curve.Step(-Softness, Softness, outline);
    }
}
