using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts;

public sealed class FolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void New_contents_take_the_place_of_the_former_and_of_nothing_else()
    {
        Renew(("report.html", "first"), ("table3-64.csv", "first"));
        File.WriteAllText(folder["notes.txt"], "mine");

        Assert.Equal(["notes.txt"], Renew(("report.html", "second"), ("worth.csv", "second")));

        Assert.Equal(["files.txt", "notes.txt", "report.html", "worth.csv"], folder.Files);
        Assert.Equal(("second", "mine"), (File.ReadAllText(folder["report.html"]), File.ReadAllText(folder["notes.txt"])));
        Assert.Empty(Directory.GetDirectories(folder.Path));
    }

    [Fact]
    public void What_a_folder_holds_that_nobody_listed_stays_and_is_named()
    {
        File.WriteAllText(folder["table3-64.csv"], "of an older version");

        Assert.Equal(["table3-64.csv"], Renew(("report.html", "first")));
        Assert.Equal("of an older version", File.ReadAllText(folder["table3-64.csv"]));
    }

    [Fact]
    public void Somebodys_own_file_under_a_name_of_ours_makes_room_and_is_named()
    {
        File.WriteAllText(folder["gain.csv"], "mine");

        Assert.Equal(["gain.csv~"], Renew(("gain.csv", "first")));
        Assert.Equal(["gain.csv~"], Renew(("gain.csv", "second")));

        Assert.Equal(("second", "mine"), (File.ReadAllText(folder["gain.csv"]), File.ReadAllText(folder["gain.csv~"])));
    }

    [Fact]
    public void Failure_while_writing_leaves_the_former_contents_whole()
    {
        Renew(("report.html", "first"), ("gain.csv", "first"));

        Assert.Throws<InvalidOperationException>(() => Folder.renew(folder.Path, FuncConvert.FromAction<string>(aside =>
        {
            File.WriteAllText(Path.Combine(aside, "report.html"), "half");
            throw new InvalidOperationException("broken");
        })));

        AssertFormer();
    }

    [Fact]
    public void Failure_while_moving_leaves_the_former_contents_whole()
    {
        Renew(("report.html", "first"), ("gain.csv", "first"));
        Directory.CreateDirectory(folder["zzz.csv"]);

        var error = Assert.Throws<MedTransferException>(() => Renew(("gain.csv", "second"), ("report.html", "second"), ("zzz.csv", "second")));

        Assert.Contains("the former one stays", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder["zzz.csv"]);
        AssertFormer();
    }

    [Fact]
    public void List_that_names_files_elsewhere_moves_none_of_them()
    {
        Renew(("report.html", "first"));
        using var elsewhere = new TemporaryFolder();
        File.WriteAllText(elsewhere["kept.csv"], "kept");
        File.AppendAllText(folder["files.txt"], $"{elsewhere["kept.csv"]}\n../{Path.GetFileName(elsewhere.Path)}/kept.csv\n");

        Renew(("report.html", "second"));

        Assert.True(File.Exists(elsewhere["kept.csv"]));
    }

    public void Dispose() => folder.Dispose();

    private void AssertFormer()
    {
        Assert.Equal(["files.txt", "gain.csv", "report.html"], folder.Files);
        Assert.Equal(("first", "first"), (File.ReadAllText(folder["report.html"]), File.ReadAllText(folder["gain.csv"])));
        Assert.Empty(Directory.GetDirectories(folder.Path));
    }

    private FSharpList<string> Renew(params (string Name, string Text)[] files) => Folder.renew(folder.Path, FuncConvert.FromAction<string>(aside =>
    {
        foreach (var (name, text) in files)
            File.WriteAllText(Path.Combine(aside, name), text);
    }));
}
