namespace MedTransfer.Evaluation;

/// <summary>A confidence interval, ends included; Low is at most High.</summary>
public sealed record Interval(double Low, double High)
{
    /// <summary>Whether the value lies inside or on an end.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
