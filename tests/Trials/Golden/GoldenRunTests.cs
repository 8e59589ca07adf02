using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Native;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials.Golden;

/// <summary>
/// Guards <see cref="Trial.NumericsVersion"/>: a finished trial is found again by a name that holds it, so that changed numbers under the same version
/// would pass for one another. <c>dotnet fsi build.fsx -t Golden</c> writes golden.json anew, once the version is raised, and adds processors and cases.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class GoldenRunTests
{
    private const string Rewrite = "MEDTRANSFER_GOLDEN";

    [Fact]
    public void Same_version_of_the_numerics_gives_the_same_bits()
    {
        var (golden, processor) = (GoldenHashes.Read(GoldenFile()), Processor.Here.Kind);
        var rewrites = Environment.GetEnvironmentVariable(Rewrite) == "write";
        Assert.SkipWhen(
            !rewrites && golden.Numerics == Trial.NumericsVersion && !golden.Knows(processor),
            $"golden.json knows no {processor}: '{GoldenHashes.Command}' adds it");
        using var run = new GoldenRun();
        var here = new GoldenMachine(
            $"{Processor.Here.Model}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, libtorch {NativeTorch.Version()}",
            run.Hashes(TestContext.Current.CancellationToken));

        if (rewrites)
            golden.With(Trial.NumericsVersion, processor, here).Write(GoldenFile());
        else if (golden.Complaint(Trial.NumericsVersion, processor, here) is { } complaint)
            Assert.Fail(complaint);
    }

    [Fact]
    public void Same_bits_are_no_complaint() => Assert.Null(Known.Complaint(2, "AMD avx2", Machine(("cnn/weights", "1"), ("cnn/history", "2"))));

    [Fact]
    public void Changed_bits_under_the_same_version_are_named_and_say_what_to_do()
    {
        var complaint = Known.Complaint(2, "AMD avx2", Machine(("cnn/weights", "9"), ("new/weights", "3")));

        Assert.Contains("still 2: cnn/history, cnn/weights, new/weights. If", complaint, StringComparison.Ordinal);
        Assert.Contains("raise the version in core/Trials/Trial.cs, then run 'dotnet fsi build.fsx -t Golden'", complaint, StringComparison.Ordinal);
        Assert.Contains("made on there, these on here", complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AMD avx2")]
    [InlineData("Intel avx512")]
    public void Raised_version_without_new_hashes_is_a_complaint_on_any_processor(string processor) => Assert.StartsWith(
        "Trial.NumericsVersion is 3, but golden.json holds the hashes of version 2: run 'dotnet fsi build.fsx -t Golden'",
        Known.Complaint(3, processor, Machine(("cnn/weights", "1"))), StringComparison.Ordinal);

    [Fact]
    public void Unknown_processor_is_no_complaint_and_can_be_added()
    {
        var intel = Machine(("cnn/weights", "7"));

        Assert.False(Known.Knows("Intel avx512"));
        Assert.Null(Known.Complaint(2, "Intel avx512", intel));
        var both = Known.With(2, "Intel avx512", intel);
        Assert.Equal(["AMD avx2", "Intel avx512"], both.Processors.Keys);
    }

    [Fact]
    public void Changed_bits_are_written_under_a_raised_version_alone_and_the_others_go()
    {
        var changed = Machine(("cnn/weights", "9"));
        var both = Known.With(2, "Intel avx512", changed);

        Assert.Contains("Raise", Assert.Throws<InvalidOperationException>(() => Known.With(2, "AMD avx2", changed)).Message, StringComparison.Ordinal);
        var raised = both.With(3, "AMD avx2", changed);
        Assert.Equal((3, "AMD avx2"), (raised.Numerics, Assert.Single(raised.Processors.Keys)));
        Assert.Null(raised.Complaint(3, "AMD avx2", changed));
    }

    [Fact]
    public void File_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, GoldenHashes.Read(folder["golden.json"]).Numerics);

        Known.Write(folder["golden.json"]);

        var read = GoldenHashes.Read(folder["golden.json"]);
        Assert.Equal((2, "there"), (read.Numerics, read.Processors["AMD avx2"].Made));
        Assert.Equal(Known.Processors["AMD avx2"].Hashes, read.Processors["AMD avx2"].Hashes);
    }

    private static GoldenHashes Known { get; } =
        new(2, new() { ["AMD avx2"] = Machine(("cnn/weights", "1"), ("cnn/history", "2")) with { Made = "there" } });

    private static GoldenMachine Machine(params IEnumerable<(string Name, string Hash)> hashes) =>
        new("here", new(hashes.ToDictionary(pair => pair.Name, pair => pair.Hash), StringComparer.Ordinal));

    private static string GoldenFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "golden.json");
}
