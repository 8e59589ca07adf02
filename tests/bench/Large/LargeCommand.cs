using System.Diagnostics;
using System.Globalization;
using MedTransfer.Runtime;

namespace MedTransfer.Bench;

/// <summary>
/// A set that is larger than a process is to hold: seconds and memory of unpacking it, of embedding all of it and of a trial, and images a second
/// beside the same set in memory, by turns. Everything is written below a folder, and removed.
/// </summary>
internal static class LargeCommand
{
    private const string Usage = "usage: large [--images 112120] [--rounds 3] [--trained 1600] [--compressed yes|no] [--folder FOLDER]; FOLDER has room for twice the images";

    private static readonly string[] _speeds = ["CNN, training", "CNN, embedding", "ResNet-18, training", "ResNet-18, embedding"];

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--images", "--rounds", "--trained", "--compressed", "--folder");
        var (images, trained) = (options.Whole("--images", 112_120), options.Whole("--trained", 1_600));
        var place = Directory.CreateDirectory(Path.Combine(options.Text("--folder") ?? Path.GetTempPath(), $"large-{Path.GetRandomFileName()}"));
        try
        {
            Console.WriteLine(Machine.Describe());
            var clock = Stopwatch.StartNew();
            var file = PhantomArchive.Write(place.FullName, images, options.Text("--compressed") != "no");
            Say($"{images} images of {PhantomArchive.Side} pixels, {LimitedFolder.Megabytes((long)images * PhantomArchive.Side * PhantomArchive.Side)} of grey levels; a file of {LimitedFolder.Megabytes(new FileInfo(file).Length)}, written in {clock.Elapsed.TotalSeconds:F0} s");
            var runs = Path.Combine(place.FullName, "runs");
            Say($"{"",-28} {"seconds",9} {"RssAnon MiB",12}");
            Show("unpacking", LargePartCommand.Start("unpack", file, runs, images));
            Show("unpacked already", LargePartCommand.Start("unpack", file, runs, images));
            Show("looked at, for leaks", LargePartCommand.Start("checks", file, runs, images));
            Show("all embedded, 512 values", LargePartCommand.Start("embed", file, runs, images));
            Show($"trial of {trained} images", LargePartCommand.Start("trial", file, runs, trained));
            Compare(file, runs, trained, options.Whole("--rounds", 3));
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private static void Compare(string file, string runs, int trained, int rounds)
    {
        var (mapped, inMemory) = (new List<double[]>(), new List<double[]>());
        for (var round = 0; round < rounds; round++)
        {
            mapped.Add(LargePartCommand.Start("speeds", file, runs, trained));
            inMemory.Add(LargePartCommand.Start("speeds", file, null, trained));
        }

        Say($"{"images a processor second",-28} {"mapped",9} {"in memory",12} {"ratio",7}");
        for (var speed = 0; speed < _speeds.Length; speed++)
        {
            var ratio = Median.Of(mapped.Zip(inMemory, (one, other) => one[speed] / other[speed]));
            Say($"{_speeds[speed],-28} {Median.Of(mapped.Select(one => one[speed])),9:F1} {Median.Of(inMemory.Select(one => one[speed])),12:F1} {ratio,7:F2}");
        }

        Say($"{"RssAnon MiB",-28} {mapped.Max(one => one[^1]),9:F0} {inMemory.Max(one => one[^1]),12:F0}");
    }

    private static void Show(string what, double[] cost) => Say($"{what,-28} {cost[0],9:F1} {cost[^1],12:F0}");

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
