using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedTransfer.Data.Import.Pictures;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Pictures;

/// <summary>Radiographs (NIH ChestX-ray14, where <c>MEDMNIST_ROOT</c> names a folder that holds them) that Pillow wrote are read as Pillow reads them.</summary>
public sealed class PillowTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Pictures_have_the_values_that_Pillow_reads()
    {
        await Write();
        var files = Directory.GetFiles(folder.Path, "*.values").Select(values => Path.ChangeExtension(values, null)).Order(StringComparer.Ordinal).ToList();

        Assert.True(files.Count > 30);
        Assert.All(files, file =>
        {
            var (width, height, channels, values) = Values(file + ".values");
            var image = ImageFiles.Read(file);
            Assert.Equal((width, height), (image.Width, image.Height));
            // a picture whose every pixel is grey has one channel here
            var expected = channels == image.Channels ? values : [.. values.Chunk(channels).Select(pixel => Assert.Single(pixel.Distinct()))];
            var largest = image.Values.Zip(expected, (ours, theirs) => Math.Abs(ours - theirs)).Max();
            Assert.InRange(largest, 0, Tolerance(Path.GetFileName(file)));
        });
    }

    // Of grey JPEG, transforms back differ in their rounding; of colours, each channel by as much, times the largest factor (1.772) and rounded again.
    // TIFF palettes have 16 bits, which Pillow cuts to eight and ImageSharp rounds.
    private static float Tolerance(string name) =>
        name == "palette.tif" ? 1 : !name.Contains("jp", StringComparison.Ordinal) ? 0 : name.StartsWith("colour", StringComparison.Ordinal) || name.StartsWith("cmyk", StringComparison.Ordinal) ? 4 : 1;

    private static (int Width, int Height, int Channels, float[] Values) Values(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var size = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, 12));
        return (size[0], size[1], size[2], MemoryMarshal.Cast<byte, float>(bytes.AsSpan(12)).ToArray());
    }

    // not another python that comes first in PATH
    private async Task Write()
    {
        const string Python = "/usr/bin/python3";
        const int NoPillow = 3;
        var radiographs = Path.Combine(Environment.GetEnvironmentVariable("MEDMNIST_ROOT") ?? "", "nih14_64.npz");
        Assert.SkipUnless(File.Exists(Python), $"There is no {Python}");
        Assert.SkipUnless(File.Exists(radiographs), $"There is no {radiographs}");
        using var process = Process.Start(new ProcessStartInfo(Python, [Script(), folder.Path, radiographs]) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.SkipWhen(process.ExitCode == NoPillow, "There is no python3-pil or python3-numpy");
        Assert.True(process.ExitCode == 0, errors);
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "pillow.py");
}
