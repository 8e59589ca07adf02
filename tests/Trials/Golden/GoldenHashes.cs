using System.Text.Encodings.Web;
using System.Text.Json;
using MedTransfer.Runtime;

namespace MedTransfer.Tests.Trials.Golden;

/// <summary>Hashes of the golden run's numbers on one kind of processor.</summary>
/// <param name="Made">Where they were made, for people.</param>
/// <param name="Hashes">By case and artefact.</param>
internal sealed record GoldenMachine(string Made, SortedDictionary<string, string> Hashes);

/// <summary>
/// The hashes in <c>golden.json</c>, of one version of the numerics. Other processors give other last bits: libtorch and oneDNN choose kernels by the
/// instruction set, MKL by the vendor too.
/// </summary>
/// <param name="Numerics">The <see cref="MedTransfer.Trials.Trial.NumericsVersion"/> they are of.</param>
/// <param name="Processors">By <see cref="Processor.Kind"/>.</param>
internal sealed record GoldenHashes(int Numerics, SortedDictionary<string, GoldenMachine> Processors)
{
    /// <summary>The command that writes the file anew.</summary>
    public const string Command = "dotnet fsi build.fsx -t Golden";

    private const int MostNamed = 6;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    public static GoldenHashes Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<GoldenHashes>(File.ReadAllText(path), Options)! : new(0, []);

    public void Write(string path) => WholeFile.WriteText(path, JsonSerializer.Serialize(this, Options) + "\n");

    /// <summary>Whether there is something to compare with on such a processor.</summary>
    public bool Knows(string processor) => Processors.ContainsKey(processor);

    /// <summary>What is wrong with the numbers of this version; null where nothing is, or nothing is known of such a processor.</summary>
    public string? Complaint(int numerics, string processor, GoldenMachine here)
    {
        if (numerics != Numerics)
            return $"Trial.NumericsVersion is {numerics}, but golden.json holds the hashes of version {Numerics}: run '{Command}' and commit what it writes.";
        return Difference(processor, here) is not { } difference ? null
            : $"The golden run gives other bits, though Trial.NumericsVersion is still {numerics}: {difference}. If they are meant to change, raise the version in "
            + $"core/Trials/Trial.cs, then run '{Command}' and commit what it writes; if not, find what changed them. The stored ones were made on "
            + $"{Processors[processor].Made}, these on {here.Made}.";
    }

    /// <summary>The hashes with those of this processor; of another version, those of the others are gone.</summary>
    /// <exception cref="InvalidOperationException">Bits changed, and the version did not.</exception>
    public GoldenHashes With(int numerics, string processor, GoldenMachine here)
    {
        if (numerics != Numerics)
            return new(numerics, new(StringComparer.Ordinal) { [processor] = here });
        if (Difference(processor, here) is { } difference)
            throw new InvalidOperationException($"Other bits under the same version are not written down: {difference}. Raise Trial.NumericsVersion in core/Trials/Trial.cs first.");
        return this with { Processors = new(Processors, StringComparer.Ordinal) { [processor] = here } };
    }

    private string? Difference(string processor, GoldenMachine here)
    {
        if (!Processors.TryGetValue(processor, out var known))
            return null;
        var names = known.Hashes.Keys.Union(here.Hashes.Keys)
            .Where(name => known.Hashes.GetValueOrDefault(name) != here.Hashes.GetValueOrDefault(name)).Order(StringComparer.Ordinal).ToList();
        var more = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
        return names.Count == 0 ? null : string.Join(", ", names.Take(MostNamed)) + more;
    }
}
