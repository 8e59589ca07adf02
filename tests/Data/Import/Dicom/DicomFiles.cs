using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Dicom;
using MedTransfer.Data.Import.Dicom.Encodings;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>A folder for the files of a test, which are read as soon as they are written, with no external programs.</summary>
internal sealed class DicomFiles : IDisposable
{
    public static readonly ExternalConverters NoConverters = new("", TimeSpan.FromSeconds(1));

    private readonly TemporaryFolder folder = new();

    public string Path => folder["a.dcm"];

    public DecodedImage Read(DicomBytes file, string syntax = DicomBytes.Explicit, int? frame = null) => Read(file.File(syntax), frame);

    public DecodedImage Read(byte[] bytes, int? frame = null)
    {
        File.WriteAllBytes(Path, bytes);
        return DicomReader.Read(Path, frame, NoConverters);
    }

    /// <summary>What refuses the file, after its name.</summary>
    public string Refusal(DicomBytes file, string syntax = DicomBytes.Explicit, int? frame = null) => Refusal(file.File(syntax), frame);

    public string Refusal(byte[] bytes, int? frame = null)
    {
        var message = Assert.Throws<MedTransferException>(() => Read(bytes, frame)).Message;
        Assert.StartsWith(Path + ": ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message[(Path.Length + 2)..];
    }

    public void Dispose() => folder.Dispose();
}
