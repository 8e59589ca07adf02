using System.Globalization;

namespace MedTransfer.Bench;

/// <summary>Peak memory of one trial, an epoch of training and the scoring of every split, at the size of the full ChestMNIST unless told otherwise.</summary>
internal static class MemoryCommand
{
    private const string Usage = "usage: memory [--train 78468] [--validation 11219] [--test 22433] [--way scratch|through-frozen|frozen]";

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--train", "--validation", "--test", "--way");
        var (train, validation, test) = (options.Whole("--train", 78_468), options.Whole("--validation", 11_219), options.Whole("--test", 22_433));
        var folder = Directory.CreateTempSubdirectory("memory");
        try
        {
            var file = ImageFiles.Noise(folder.FullName, train, validation, test);
            var way = options.Text("--way") ?? "scratch";
            var cost = TrialCommand.Start(file, way, epochs: 1, threads: 1);
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"{way}: {train} training, {validation} validation and {test} test images of 28 pixels, 14 findings; one epoch, every split scored");
            Console.WriteLine($"{"file MiB",9} {"peak MiB",9} {"training s",11} {"whole trial s",14}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{new FileInfo(file).Length >> 20,9} {cost.Mebibytes,9} {cost.Seconds,11:F1} {cost.TotalSeconds,14:F1}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
