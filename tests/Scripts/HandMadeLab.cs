using Deedle;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

/// <summary>A recipe's <see cref="Recipes.Lab"/> in this process, to call sections with: nothing is trained by making one.</summary>
internal sealed class HandMadeLab : IDisposable
{
    private readonly SyntheticSets? sets;
    private readonly TemporaryFolder folder = new();

    private HandMadeLab(Experiment experiment, SyntheticSets? sets, string[] data, string[] words)
    {
        this.sets = sets;
        var all = ListModule.OfSeq<string>(["--offline", "--workers", "1", "--out", folder.Path, .. data, .. words]);
        Lab = new Lab(experiment, "dotnet fsi scripts/hand-made.fsx", CommandLine.parse(experiment, folder.Path, all), TestContext.Current.CancellationToken);
    }

    public Lab Lab { get; }

    /// <summary>On files that pass for real images: words follow from figures.</summary>
    public static HandMadeLab OnFiles(Experiment experiment, params string[] words)
    {
        var sets = new SyntheticSets();
        return new(experiment, sets, ["--source", sets.Source, "--target", sets.Target], words);
    }

    /// <summary>On phantoms: figures stand, without words.</summary>
    public static HandMadeLab OnPhantoms(Experiment experiment, params string[] words) =>
        new(experiment, null, ["--source", "phantom-chest", "--target", "phantom-pneumonia"], words);

    /// <summary>On a file of one's own, with drawn images as the source.</summary>
    public static HandMadeLab OnFile(Experiment experiment, string path) => new(experiment, null, ["--source", "phantom-chest", "--target", path], []);

    /// <summary>On what the words name.</summary>
    public static HandMadeLab Of(Experiment experiment, params string[] words) => new(experiment, null, [], words);

    public void Dispose()
    {
        ((IDisposable)Lab).Dispose();
        folder.Dispose();
        sets?.Dispose();
    }
}

/// <summary>What a section holds, by name.</summary>
internal static class SectionReading
{
    /// <summary>The table of that name, of numbers or of words.</summary>
    public static Frame<string, string> TableOf(this FSharpList<Report.Section> sections, string name) =>
        Report.flattened(sections).Select(section => section switch
        {
            Report.Section.Table table when table.name == name => table.Item3,
            Report.Section.WordTable table when table.name == name => table.Item3,
            _ => null,
        }).OfType<Frame<string, string>>().Single();

    /// <summary>What stands above that table.</summary>
    public static string CaptionOf(this FSharpList<Report.Section> sections, string name) =>
        Report.flattened(sections).Select(section => section switch
        {
            Report.Section.Table table when table.name == name => table.caption,
            Report.Section.WordTable table when table.name == name => table.caption,
            _ => null,
        }).OfType<string>().Single();

    /// <summary>Names of the tables, in their order.</summary>
    public static IReadOnlyList<string> Tables(this FSharpList<Report.Section> sections) =>
        [.. sections.Select(section => section switch
        {
            Report.Section.Table table => table.name,
            Report.Section.WordTable table => table.name,
            _ => null,
        }).OfType<string>()];

    /// <summary>Texts and warnings, in their order.</summary>
    public static IReadOnlyList<string> Texts(this FSharpList<Report.Section> sections) =>
        [.. sections.Select(section => section switch
        {
            Report.Section.Text text => text.Item,
            Report.Section.Warning warning => warning.Item,
            _ => null,
        }).OfType<string>()];

    /// <summary>A cell.</summary>
    public static string Cell(this Frame<string, string> table, string row, string column) => table.GetColumn<string>(column)[row];

    /// <summary>A row's cells, in the order of the columns.</summary>
    public static IReadOnlyList<string> Row(this Frame<string, string> table, string row) =>
        [.. table.ColumnKeys.Select(column => table.GetColumn<string>(column)[row])];
}
