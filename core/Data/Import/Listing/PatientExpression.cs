using System.Diagnostics;
using System.Text.RegularExpressions;
using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Import.Listing;

/// <summary>Finds the patient in the name of a file.</summary>
internal static class PatientExpression
{
    private const string Group = "patient";

    // for one name, and for all of them: an expression that runs away takes hours
    private static readonly TimeSpan _one = TimeSpan.FromSeconds(1), _all = TimeSpan.FromSeconds(30);

    /// <summary>The images with their patients.</summary>
    /// <exception cref="MedTransferException">The expression is wrong, runs away, or does not match a name.</exception>
    public static IReadOnlyList<ListedImage> Apply(string expression, IReadOnlyList<ListedImage> images)
    {
        var regex = Parse(expression);
        var time = Stopwatch.StartNew();
        var found = new List<ListedImage>(images.Count);
        var missed = new List<string>();
        try
        {
            foreach (var image in images)
            {
                if (time.Elapsed > _all) throw new RegexMatchTimeoutException();
                // of the name alone, so that an expression may say how it begins, or with the folders before it
                var patient = Patient(regex.Match(Path.GetFileName(image.Name)));
                if (patient.Length == 0) patient = Patient(regex.Match(image.Name));
                if (patient.Length > 0) found.Add(image with { Patient = patient });
                else missed.Add(image.Name);
            }
        }
        catch (RegexMatchTimeoutException error)
        {
            throw Wrong(expression, "takes too long on these names: leave nested repetitions such as (a+)+ out", error);
        }
        return missed.Count == 0 ? found : throw Wrong(expression, $"finds no patient in {Counts.First(missed)}: widen it, or take these files out");
    }

    private static Regex Parse(string expression)
    {
        try
        {
            return new(expression, RegexOptions.CultureInvariant, _one);
        }
        catch (ArgumentException error)
        {
            throw Wrong(expression, $"is no regular expression ({FileErrors.Reason(error)}): correct it", error);
        }
    }

    private static string Patient(Match match)
    {
        if (!match.Success) return "";
        var groups = match.Groups;
        return (groups.ContainsKey(Group) ? groups[Group] : groups.Values.ElementAtOrDefault(1) ?? match).Value;
    }

    private static MedTransferException Wrong(string expression, string problem, Exception? inner = null) =>
        new($"The patient expression {OneLine.Quote(expression)} {problem}", inner!) { IsUsage = true };
}
