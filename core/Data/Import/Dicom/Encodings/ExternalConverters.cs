using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;

namespace MedTransfer.Data.Import.Dicom.Encodings;

/// <summary>Programs of GDCM and dcmtk that unpack what is not unpacked here.</summary>
/// <param name="searchPath">The folders to look in, as in the environment's PATH.</param>
/// <param name="longest">The time that a program may take for a file.</param>
internal sealed class ExternalConverters(string searchPath, TimeSpan longest)
{
    private static readonly Program _gdcmconv = new("gdcmconv", "libgdcm-tools", ["--raw"]);
    private static readonly Program _dcmdjpeg = new("dcmdjpeg", "dcmtk", []);
    private static readonly Program _dcmdjpls = new("dcmdjpls", "dcmtk", []);

    public static ExternalConverters OnPath { get; } = new(Environment.GetEnvironmentVariable("PATH") ?? "", TimeSpan.FromMinutes(1));

    /// <summary>Reads a frame from what the first program that can makes of the file.</summary>
    public Frame Convert(DicomFile file, ImagePixels image, int frame, byte[] codestream)
    {
        var syntax = file.Syntax;
        Program[] programs = syntax.Encoding switch
        {
            PixelEncoding.Jpeg => [_dcmdjpeg, _gdcmconv],
            PixelEncoding.JpegLs => [_dcmdjpls, _gdcmconv],
            PixelEncoding.Jpeg2000 => [_gdcmconv],
            _ => throw new DicomException($"is in transfer syntax {syntax.Name}, which is not read: save it in another syntax with the program that made it"),
        };
        CheckSize(codestream, image);
        var found = programs.Select(program => (Program: program, Path: Find(program.Name))).Where(found => found.Path is not null).ToList();
        if (found.Count == 0)
        {
            var first = programs[0];
            throw new DicomException($"is in transfer syntax {syntax.Name}, which is not read without {string.Join(" or ", programs.Select(program => program.Name))}: "
                + $"install one (Debian: {first.Package}), or convert the file with {first.Command}");
        }
        var folder = Directory.CreateTempSubdirectory("medtransfer-");
        try
        {
            var target = Path.Combine(folder.FullName, "native.dcm");
            foreach (var (program, path) in found)
            {
                if (Run(path!, [.. program.Options, Path.GetFullPath(file.Path), target])) return ReadConverted(target, image, frame);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        throw new DicomException($"its {syntax.Name} pixel data is damaged, {found[0].Program.Name} cannot unpack it: copy or download it again");
    }

    /// <summary>Fails where the codestream says another size than the tags: a program would take the memory for it.</summary>
    private static void CheckSize(byte[] codestream, ImagePixels image)
    {
        // SOC and SIZ of JPEG 2000 (ITU-T T.800, A.5.1)
        if (codestream is [0xFF, 0x4F, 0xFF, 0x51, ..])
        {
            if (codestream.Length < 24) throw DicomException.TruncatedPixels();
            var size = codestream.AsSpan(8);
            var columns = (long)BinaryPrimitives.ReadUInt32BigEndian(size) - BinaryPrimitives.ReadUInt32BigEndian(size[8..]);
            var rows = (long)BinaryPrimitives.ReadUInt32BigEndian(size[4..]) - BinaryPrimitives.ReadUInt32BigEndian(size[12..]);
            if (columns != image.Columns || rows != image.Rows) throw DicomException.Contradiction("its JPEG 2000 has another size than its tags say");
        }
        else if (codestream is [0xFF, 0xD8, ..])
        {
            JpegHeader.Read(codestream).Check(image);
        }
    }

    private static Frame ReadConverted(string path, ImagePixels image, int frame)
    {
        try
        {
            using var file = DicomFile.Open(path);
            if (file.Pixels is { } pixels && !file.Syntax.IsEncapsulated)
            {
                var native = ImagePixels.Of(file.DataSet);
                if ((native.Rows, native.Columns, native.Samples, native.Frames) == (image.Rows, image.Columns, image.Samples, image.Frames))
                {
                    var read = NativePixels.Read(file.Stream, pixels, native, frame);
                    return native.Photometric == Photometric.WithinJpeg2000 ? read with { Image = native with { Photometric = Photometric.Rgb } } : read;
                }
            }
        }
        catch (Exception error) when (error is MedTransferException or IOException)
        {
            throw new DicomException("could not be converted: convert it by hand to Explicit VR Little Endian", error);
        }
        throw new DicomException("became another image when it was converted: convert it by hand to Explicit VR Little Endian");
    }

    /// <summary>Whether the program ended well in time.</summary>
    private bool Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException("no process");
            process.StandardInput.Close();
            // what it prints may hold what the tags say: it is read, so that the program goes on, and dropped
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(longest)) return process.ExitCode == 0;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new DicomException($"took {Path.GetFileNameWithoutExtension(program)} more than {longest.TotalSeconds:0} seconds: convert it by hand to Explicit VR Little Endian");
        }
        catch (Win32Exception error)
        {
            throw new DicomException($"needs {Path.GetFileNameWithoutExtension(program)}, which does not start ({error.Message}): install it again", error);
        }
    }

    private string? Find(string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    /// <param name="Package">Debian's name of what it is in.</param>
    private sealed record Program(string Name, string Package, string[] Options)
    {
        public string Command => string.Join(' ', [Name, .. Options, "FILE", "NEW"]);
    }
}
