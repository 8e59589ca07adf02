using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace MedTransfer.Tests;

/// <summary>What the source of core says of its own rooms, the folders right below it: which may know which, read from its lines.</summary>
public sealed partial class ArchitectureTests
{
    private const string Project = "MedTransfer";

    /// <summary>Files that a folder holds at most, those of the folders below it aside.</summary>
    private const int MostFiles = 15;

    /// <summary>Each room, the lowest first, with the rooms that it may use, and through them those that they may use.</summary>
    private static readonly (string Room, string[] Uses)[] _rooms =
    [
        ("Runtime", []),
        ("Numerics", ["Runtime"]),
        ("Data", ["Numerics"]),
        ("Models", ["Data"]),
        ("Transfer", ["Models"]),
        ("Reduction", ["Numerics"]),
        ("Evaluation", ["Reduction"]), // embeddings are judged by the exact neighbours of the reducers
        ("Tasks", ["Data", "Evaluation"]),
        ("Inference", ["Tasks", "Transfer"]),
        ("Training", ["Inference"]),
        ("Trials", ["Training"]),
        (EntryPoint, ["Trials"]),
    ];

    /// <summary>The files that are in no room. What they declare is known to all, as C# looks names up in the namespaces around.</summary>
    private const string EntryPoint = "";

    [Fact]
    public void Rooms_use_only_those_below() => AssertNone(Sources().SelectMany(Arrows));

    [Fact]
    public void Every_folder_of_core_is_a_room_of_the_table() =>
        Assert.Equal(
            _rooms.Select(room => room.Room).Where(room => room != EntryPoint).Order(StringComparer.Ordinal),
            Sources().Select(source => source.Room).Where(room => room != EntryPoint).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_namespace_is_its_folder() =>
        AssertNone(Sources()
            .Where(source => !source.Lines.Contains($"namespace {source.Namespace};") && Array.Exists(source.Lines, line => line.StartsWith("namespace ", StringComparison.Ordinal)))
            .Select(source => $"{source.Path}: the namespace of this folder is {source.Namespace}"));

    [Fact]
    public void A_folder_has_no_more_files_than_a_glance_takes_in() =>
        AssertNone(Sources()
            .GroupBy(source => Path.GetDirectoryName(source.Path)!)
            .Where(folder => folder.Count() > MostFiles)
            .Select(folder => $"{folder.Key}: {folder.Count()} files, {MostFiles} at most"));

    [Theory]
    [InlineData("using MedTransfer.Trials;", "Trials")]
    [InlineData("using MedTransfer.Trials.Artefacts;", "Trials")]
    [InlineData("global using static MedTransfer.Trials.Trial;", "Trials")]
    [InlineData("using Run = MedTransfer.Trials.Trial;", "Trials")]
    [InlineData("    var trial = new MedTransfer.Trials.Trial();", "Trials")]
    [InlineData("    var trial = new global::MedTransfer.Trials.Trial();", "Trials")]
    [InlineData("    var trial = new Trials.Trial();", "Trials")]
    [InlineData("/// <see cref=\"Trials.Trial\"/>", "Trials")]
    [InlineData("    var trials = plan.Trials.Count;", null)]
    [InlineData("using MedTransfer.Models;", null)]
    [InlineData("using System.Runtime.InteropServices;", null)]
    [InlineData("/// As many as there are trials. Trials. None", null)]
    public void A_line_is_an_arrow_where_it_names_a_room(string line, string? room) =>
        Assert.Equal(
            room is null ? [] : [$"core/Transfer/File.cs:1: Transfer -> {room}: {line.Trim()}"],
            Arrows(new Source("core/Transfer/File.cs", [line])));

    /// <summary>The lines that name a room that is not below the file's, in a using or in full.</summary>
    private static IEnumerable<string> Arrows(Source source)
    {
        var allowed = Below(source.Room);
        for (var i = 0; i < source.Lines.Length; i++)
        {
            var line = source.Lines[i];
            foreach (var named in RoomNames().Matches(line).Select(match => match.Groups["room"].Value).Distinct())
            {
                if (named != source.Room && Array.Exists(_rooms, room => room.Room == named) && !allowed.Contains(named))
                    yield return $"{source.Path}:{i + 1}: {(source.Room == EntryPoint ? "core" : source.Room)} -> {named}: {line.Trim()}";
            }
        }
    }

    private static HashSet<string> Below(string room)
    {
        var uses = Array.Find(_rooms, entry => entry.Room == room).Uses ?? [];
        return [.. uses, .. uses.SelectMany(Below)];
    }

    /// <summary>A room after the project's name, or as the first part of a name in full: what follows a dot is a member of something else.</summary>
    [GeneratedRegex(@"(?<![\w.])(?:MedTransfer\.(?<room>[A-Z]\w*)|(?<room>[A-Z]\w*)\.[A-Z])")]
    private static partial Regex RoomNames();

    private static void AssertNone(IEnumerable<string> found) => Assert.True(!found.Any(), string.Join('\n', found));

    private static List<Source> Sources([CallerFilePath] string here = "")
    {
        var root = Path.GetDirectoryName(Path.GetDirectoryName(here))!;
        return
        [
            .. Directory.EnumerateFiles(Path.Combine(root, "core"), "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
                .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(path => new Source(path, File.ReadAllLines(Path.Combine(root, path)))),
        ];
    }

    /// <param name="Path">From the project's folder: core/Room/..., with slashes.</param>
    private sealed record Source(string Path, string[] Lines)
    {
        /// <summary>The folder's names below core.</summary>
        private string[] Folders => Path.Split('/')[1..^1];

        public string Room => Folders is [var room, ..] ? room : EntryPoint;

        public string Namespace => string.Join('.', [Project, .. Folders]);
    }
}
