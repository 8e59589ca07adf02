using MedTransfer.Data.Import.Dicom.Encodings;

namespace MedTransfer.Data.Import.Dicom;

/// <summary>The samples of one frame, unpacked.</summary>
/// <param name="Image">How they were laid out, and what they mean.</param>
/// <param name="Samples">Row after row from the top, a pixel's samples beside each other (<see cref="ImagePixels.Sample"/>).</param>
internal sealed record Frame(ImagePixels Image, int[] Samples)
{
    /// <summary>What was found to be odd about them.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Reads a frame of a file that stands at its pixel data.</summary>
    /// <param name="frame">From 1.</param>
    /// <param name="converters">For what is not unpacked here.</param>
    public static Frame Read(DicomFile file, PixelElement pixels, ImagePixels image, int frame, ExternalConverters converters)
    {
        var syntax = file.Syntax;
        if (syntax.Encoding is PixelEncoding.Video or PixelEncoding.Other)
        {
            var what = syntax.Encoding == PixelEncoding.Video ? "is a video" : "has pixel data that is not read";
            throw new DicomException($"{what} (transfer syntax {syntax.Name}): save its images in another syntax with the program that made it");
        }
        if (syntax.IsEncapsulated != (pixels.Length == DataSetParser.Undefined))
            throw DicomException.Contradiction($"its pixel data is {(syntax.IsEncapsulated ? "not " : "")}in fragments, unlike its transfer syntax {syntax.Name}");
        if (image.Photometric == Photometric.WithinJpeg2000 && syntax.Encoding is not (PixelEncoding.Jpeg2000 or PixelEncoding.HighThroughputJpeg2000))
            throw DicomException.Contradiction("has the colours of JPEG 2000, but pixel data of another kind");
        if (!syntax.IsEncapsulated) return NativePixels.Read(file.Stream, pixels, image, frame);
        var codestream = Fragments.ReadFrame(file.Stream, image.Frames, frame);
        image.CheckPacked(codestream.Length);
        return syntax.Encoding switch
        {
            PixelEncoding.RunLength => new Frame(image, RunLength.Decode(codestream, image)),
            PixelEncoding.Jpeg when JpegHeader.Read(codestream) is { IsReadHere: true } header => JpegFrame.Decode(codestream, header, image),
            _ => converters.Convert(file, image, frame, codestream),
        };
    }
}
