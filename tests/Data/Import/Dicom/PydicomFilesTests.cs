using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Dicom;
using MedTransfer.Data.Import.Dicom.Encodings;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>The files that pydicom is tested with, read as pydicom reads them (2.3 here), where Debian's python3-pydicom is installed.</summary>
public sealed class PydicomFilesTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const string Folder = "/usr/lib/python3/dist-packages/pydicom/data/test_files";

    // The first frame of each: pixel_array in RGB, or after apply_modality_lut and apply_voi_lut, what a window makes of it brought from pydicom's
    // range of the stored bits to 0 to 255.
    private const string Oracle = """
        import os, sys, warnings
        import numpy as np, pydicom
        from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi_lut, convert_color_space
        from pydicom.uid import ImplicitVRLittleEndian, ExplicitVRLittleEndian
        warnings.simplefilter("ignore")
        root, out = sys.argv[1:]
        listing = open(os.path.join(out, "list.txt"), "w")
        count = 0
        for folder, _, names in os.walk(root):
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.endswith((".txt", ".json", ".dump", ".gz", ".py")): continue
                try:
                    ds = pydicom.dcmread(path, force=True)
                    if "TransferSyntaxUID" not in ds.file_meta:
                        ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if ds.is_implicit_VR else ExplicitVRLittleEndian
                    frames = int(ds.get("NumberOfFrames", 1) or 1)
                    kind = ds.PhotometricInterpretation
                    pixels = ds.pixel_array
                    if frames > 1: pixels = pixels[0]
                    if kind.startswith("MONO"):
                        pixels = apply_modality_lut(pixels, ds)
                        if "WindowCenter" in ds:
                            low, high = (0, 2 ** ds.BitsStored - 1) if ds.PixelRepresentation == 0 else (-2 ** (ds.BitsStored - 1), 2 ** (ds.BitsStored - 1) - 1)
                            slope, intercept = float(ds.get("RescaleSlope", 1)), float(ds.get("RescaleIntercept", 0))
                            low, high = low * slope + intercept, high * slope + intercept
                            pixels = (apply_voi_lut(pixels, ds) - low) / (high - low) * 255
                    elif kind.startswith("YBR_FULL") and kind == ds.PhotometricInterpretation:
                        pixels = convert_color_space(pixels, kind, "RGB")
                except Exception:
                    listing.write(f"{path}\t0\t1\t0\n")
                    continue
                pixels.astype("<f4").tofile(os.path.join(out, f"{count}.raw"))
                listing.write(f"{path}\t1\t{frames}\t{ds.file_meta.TransferSyntaxUID}\n")
                count += 1
        """;

    // the chrominances of two or four pixels in one, which libjpeg makes smooth and ImageSharp repeats
    private static readonly string[] _shared = ["SC_rgb_dcmtk_+eb+cy+n1.dcm", "SC_rgb_dcmtk_+eb+cy+np.dcm", "SC_rgb_jpeg_lossy_gdcm.dcm"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_are_read_as_pydicom_reads_them()
    {
        Assert.SkipUnless(Directory.Exists(Folder) && File.Exists(Python), "needs python3-pydicom and its test files");
        File.WriteAllText(folder["oracle.py"], Oracle);
        using (var python = Process.Start(Python, [folder["oracle.py"], Folder, folder.Path])) python.WaitForExit();

        // all but JPEG 2000, JPEG-LS and JPEG of 12 bits without another program
        Assert.Equal((71, 70), Compare(DicomFiles.NoConverters));
        if (File.Exists("/usr/bin/gdcmconv") && File.Exists("/usr/bin/dcmdjpeg")) Assert.Equal((80, 75), Compare(new ExternalConverters("/usr/bin", TimeSpan.FromMinutes(1))));
    }

    /// <summary>Reads all files and counts those that are read, and how many of them pydicom reads; what pydicom alone reads is packed as another program must unpack it.</summary>
    private (int Read, int Same) Compare(ExternalConverters converters)
    {
        List<string> wrong = [];
        var (read, same, place) = (0, 0, 0);
        foreach (var line in File.ReadLines(folder["list.txt"]).Select(line => line.Split('\t')))
        {
            var (path, isReadThere, frames) = (line[0], line[1] == "1", int.Parse(line[2], CultureInfo.InvariantCulture));
            var expected = isReadThere ? MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder[$"{place++}.raw"])).ToArray() : null;
            try
            {
                var image = DicomReader.Read(path, frames > 1 ? 1 : null, converters);
                read++;
                if (expected is null) continue;
                same++;
                if (Difference(Path.GetFileName(path), image, expected, line[3] == DicomBytes.Baseline) is { } difference) wrong.Add($"{path}: {difference}");
            }
            catch (MedTransferException error)
            {
                Assert.DoesNotContain('\n', error.Message);
                if (expected is not null && !error.Message.Contains("is not read without", StringComparison.Ordinal)) wrong.Add(error.Message);
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        return (read, same);
    }

    /// <summary>Null where they are the same: exactly, or of a lossy codestream to within what decoders of it differ by.</summary>
    private static string? Difference(string name, DecodedImage image, float[] expected, bool isLossy)
    {
        if (image.Values.Length != expected.Length) return $"{image.Values.Length} values, {expected.Length} expected";
        var differences = image.Values.Zip(expected, (a, b) => Math.Abs(a - b)).ToArray();
        var (most, mean) = (differences.Max(), differences.Average());
        var isSame = _shared.Contains(name) ? mean < 3 : most <= (isLossy ? 1 : 1e-4 * Math.Max(1, expected.Max(Math.Abs)));
        return isSame ? null : $"differs by {most}, {mean} on average";
    }
}
