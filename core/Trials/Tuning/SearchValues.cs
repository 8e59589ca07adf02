using System.Globalization;

namespace MedTransfer.Trials.Tuning;

/// <summary>The values of one hyperparameter among which is searched.</summary>
public abstract record SearchValues
{
    private SearchValues()
    {
    }

    /// <summary>What a grid takes, in this order.</summary>
    public abstract IReadOnlyList<double> Grid { get; }

    /// <summary>The value at a place between 0 and 1, 1 left out.</summary>
    internal abstract double At(double place);

    /// <summary>These values, each as likely as the others.</summary>
    /// <exception cref="MedTransferException">There are none.</exception>
    public static SearchValues Of(params IReadOnlyList<double> values) =>
        values.Count > 0 ? new Listed(values) : throw new MedTransferException("A list of values to search has none: give one at least.") { IsUsage = true };

    /// <summary>
    /// Values whose logarithm is equally likely everywhere between two ends, to three significant digits: readable, and the same on
    /// machines whose logarithms differ in the last bit.
    /// </summary>
    /// <param name="low">Above 0.</param>
    /// <param name="high">Above <paramref name="low"/>.</param>
    /// <param name="gridPoints">Values of a grid, evenly spaced by their logarithms, the ends among them; at least 2.</param>
    /// <exception cref="MedTransferException">An end or the number is out of its range.</exception>
    public static SearchValues LogUniform(double low, double high, int gridPoints = 5)
    {
        if (!(low > 0 && low < high && double.IsFinite(high)))
            throw new MedTransferException(FormattableString.Invariant($"The range searched is {low} to {high}, but must be two ascending numbers above 0.")) { IsUsage = true };
        return gridPoints >= 2
            ? new LogRange(low, high, gridPoints)
            : throw new MedTransferException($"A grid of {gridPoints} values is none: give 2 at least.") { IsUsage = true };
    }

    private sealed record Listed(IReadOnlyList<double> Values) : SearchValues
    {
        public override IReadOnlyList<double> Grid => Values;

        internal override double At(double place) => Values[(int)(place * Values.Count)];
    }

    private sealed record LogRange(double Low, double High, int GridPoints) : SearchValues
    {
        public override IReadOnlyList<double> Grid => [.. Enumerable.Range(0, GridPoints).Select(point => At((double)point / (GridPoints - 1)))];

        internal override double At(double place) => Rounded(Low * Math.Pow(High / Low, place));

        private static double Rounded(double value) => double.Parse(value.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
