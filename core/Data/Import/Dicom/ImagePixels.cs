using System.Globalization;

namespace MedTransfer.Data.Import.Dicom;

/// <summary>What the numbers of a pixel mean.</summary>
internal enum Photometric
{
    /// <summary>Small values are light.</summary>
    Monochrome1,
    Monochrome2,
    Palette,
    Rgb,
    YbrFull,

    /// <summary>Two pixels beside each other share their chrominance.</summary>
    YbrFull422,

    /// <summary>The colours of JPEG 2000 within its codestream (YBR_RCT, YBR_ICT): RGB once it is unpacked.</summary>
    WithinJpeg2000,
}

/// <summary>How the pixels of a file are laid out: its Image Pixel module (PS3.3 C.7.6.3), checked.</summary>
internal sealed record ImagePixels
{
    // 16,384 x 16,384; the largest radiographs have a tenth of that
    private const long MostSamples = 1L << 28;

    // A blank image packs far better than others, but is of no use where it is large.
    private const long AlwaysUnpacked = 1L << 25;
    private const int BestRatio = 40;

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>Samples of a pixel, 1 or 3.</summary>
    public required int Samples { get; init; }

    public required Photometric Photometric { get; init; }

    /// <summary>Bits of a cell: 1, 8, 16 or 32.</summary>
    public required int BitsAllocated { get; init; }

    /// <summary>Bits of a cell that are the sample's, the uppermost of which is <see cref="HighBit"/>.</summary>
    public required int BitsStored { get; init; }

    public required int HighBit { get; init; }

    /// <summary>Whether samples are numbers in two's complement.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>Whether red, green and blue lie in planes one after the other where pixels are native.</summary>
    public required bool IsPlanar { get; init; }

    public required int Frames { get; init; }

    /// <summary>Pixels of a frame.</summary>
    public int Pixels => Rows * Columns;

    public bool IsGrey => Photometric is Photometric.Monochrome1 or Photometric.Monochrome2;

    public double Least => IsSigned ? -Math.ScaleB(1, BitsStored - 1) : 0;

    public double Most => Math.ScaleB(1, IsSigned ? BitsStored - 1 : BitsStored) - 1;

    /// <summary>The sample in a cell, of 32 bits without a sign as their pattern.</summary>
    public int Sample(int cell)
    {
        var upper = cell << (31 - HighBit);
        return IsSigned ? upper >> (32 - BitsStored) : upper >>> (32 - BitsStored);
    }

    /// <summary>The number that a sample is.</summary>
    public double Number(int sample) => IsSigned ? sample : (uint)sample;

    public static ImagePixels Of(DataSet dataSet)
    {
        var rows = dataSet.Unsigned(DicomTag.Rows) ?? 0;
        var columns = dataSet.Unsigned(DicomTag.Columns) ?? 0;
        if (rows == 0 || columns == 0) throw DicomException.Contradiction("has pixel data, but no rows or columns");
        var samples = dataSet.Unsigned(DicomTag.SamplesPerPixel) ?? 1;
        var photometric = PhotometricOf(dataSet);
        if (samples != (photometric is Photometric.Monochrome1 or Photometric.Monochrome2 or Photometric.Palette ? 1 : 3))
            throw DicomException.Contradiction("its samples per pixel are not those of its photometric interpretation");
        if ((long)rows * columns * samples > MostSamples) throw new DicomException("has more pixels than are read (268 million): leave it out, or save a smaller one");
        var allocated = dataSet.Unsigned(DicomTag.BitsAllocated) ?? 0;
        if (allocated is not (1 or 8 or 16 or 32))
            throw new DicomException("does not have 1, 8, 16 or 32 bits allocated for a sample, others are not read: save it with 16");
        var stored = dataSet.Unsigned(DicomTag.BitsStored) ?? allocated;
        var highBit = dataSet.Unsigned(DicomTag.HighBit) ?? stored - 1;
        if (stored == 0 || stored > allocated || highBit >= allocated || highBit + 1 < stored)
            throw DicomException.Contradiction("its bits allocated, bits stored and high bit do not go together");
        var isSigned = dataSet.Unsigned(DicomTag.PixelRepresentation) == 1;
        if (isSigned && (samples == 3 || stored == 1)) throw DicomException.Contradiction("has colours or single bits with a sign");
        return new ImagePixels
        {
            Rows = rows,
            Columns = columns,
            Samples = samples,
            Photometric = photometric,
            BitsAllocated = allocated,
            BitsStored = stored,
            HighBit = highBit,
            IsSigned = isSigned,
            IsPlanar = samples == 3 && dataSet.Unsigned(DicomTag.PlanarConfiguration) == 1,
            Frames = FramesOf(dataSet),
        };
    }

    /// <summary>Fails where packed bytes would become far more than an image does.</summary>
    public void CheckPacked(int bytes)
    {
        if ((long)Pixels * Samples > Math.Max(AlwaysUnpacked, (long)BestRatio * bytes))
            throw new DicomException("unpacks to far more than an image would, it is damaged or made to do harm: leave it out");
    }

    /// <summary>The frame to read, from 1: the only one, or of several the one that is named.</summary>
    public int Choose(int? frame)
    {
        if (Frames == 1) return 1;
        if (frame is not { } named) throw new DicomException("holds several frames: name the one to read with --frame of scripts/import.fsx, or save the frames as files of their own");
        return named >= 1 && named <= Frames ? named : throw new DicomException($"has no frame {named}: name one that it has with --frame of scripts/import.fsx, from 1");
    }

    private static Photometric PhotometricOf(DataSet dataSet) => dataSet.Text(DicomTag.PhotometricInterpretation)?.ToUpperInvariant() switch
    {
        "MONOCHROME1" => Photometric.Monochrome1,
        "MONOCHROME2" => Photometric.Monochrome2,
        "PALETTE COLOR" => Photometric.Palette,
        "RGB" => Photometric.Rgb,
        "YBR_FULL" => Photometric.YbrFull,
        "YBR_FULL_422" => Photometric.YbrFull422,
        "YBR_RCT" or "YBR_ICT" => Photometric.WithinJpeg2000,
        null => throw DicomException.Contradiction("has pixel data, but no photometric interpretation"),
        _ => throw new DicomException("has a photometric interpretation that is not read: save it as MONOCHROME2 or RGB"),
    };

    private static int FramesOf(DataSet dataSet)
    {
        if (dataSet.Text(DicomTag.NumberOfFrames) is not { } text) return 1;
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var frames) && frames >= 0
            ? Math.Max(1, frames)
            : throw DicomException.Contradiction("its number of frames is no whole number");
    }
}
