using System.Diagnostics;
using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

public class ShellLineTests
{
    private static string Line(bool onWindows, params string[] words) => ShellLine.ofWords(onWindows, ListModule.OfSeq(words));

    [Fact]
    public void Plain_words_stay_as_they_are() =>
        Assert.Equal("dotnet fsi scripts/task2.fsx -- --target-size 50,300,all", Line(false, "dotnet", "fsi", "scripts/task2.fsx", "--", "--target-size", "50,300,all"));

    [Fact]
    public void Shell_reads_the_words_that_were_given()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("sh is not on Windows.");
        string[] words = ["--target", "my  images.npz", "it's", "", "$HOME", "`id`", "a;b", "*", "~", "\"two\"", "back\\slash", "#x", "(1)", "a&b", "é"];

        Assert.Equal(words, Printed(Line(false, words)));
    }

    [Fact]
    public void Windows_takes_double_quotes() => Assert.Equal(
        """C:\data\x.npz "C:\my images\\" "50,300" "say \"yes\"" "" "$x" """.TrimEnd(),
        Line(true, @"C:\data\x.npz", @"C:\my images\", "50,300", "say \"yes\"", "", "$x"));

    [Theory]
    [InlineData("/home/somebody/my images/", "my images")]
    [InlineData("--out=/some/place/results", "--out=results")]
    [InlineData("../mine/a.npz", "../mine/a.npz")]
    [InlineData("--target", "--target")]
    [InlineData("50,300", "50,300")]
    public void Paths_from_the_root_are_shown_by_their_last_name(string word, string shown) => Assert.Equal(shown, ShellLine.withoutFolders(word));

    private static string[] Printed(string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"printf '%s\\n' {line}"]) { RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var printed = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return printed[..^1].Split('\n');
    }
}
