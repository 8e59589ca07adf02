using System.Collections.Frozen;

namespace MedTransfer.Data.Import.Dicom;

/// <summary>The tags that are read, group above element (PS3.6).</summary>
internal static class DicomTag
{
    public const uint MediaStorageSopClassUid = 0x0002_0002;
    public const uint TransferSyntaxUid = 0x0002_0010;
    public const uint SpecificCharacterSet = 0x0008_0005;
    public const uint SopClassUid = 0x0008_0016;
    public const uint PresentationIntentType = 0x0008_0068;
    public const uint PatientId = 0x0010_0020;
    public const uint StudyInstanceUid = 0x0020_000D;
    public const uint SeriesInstanceUid = 0x0020_000E;

    public const uint SamplesPerPixel = 0x0028_0002;
    public const uint PhotometricInterpretation = 0x0028_0004;
    public const uint PlanarConfiguration = 0x0028_0006;
    public const uint NumberOfFrames = 0x0028_0008;
    public const uint Rows = 0x0028_0010;
    public const uint Columns = 0x0028_0011;
    public const uint BitsAllocated = 0x0028_0100;
    public const uint BitsStored = 0x0028_0101;
    public const uint HighBit = 0x0028_0102;
    public const uint PixelRepresentation = 0x0028_0103;
    public const uint PixelPaddingValue = 0x0028_0120;
    public const uint PixelPaddingRangeLimit = 0x0028_0121;
    public const uint BurnedInAnnotation = 0x0028_0301;

    public const uint WindowCenter = 0x0028_1050;
    public const uint WindowWidth = 0x0028_1051;
    public const uint RescaleIntercept = 0x0028_1052;
    public const uint RescaleSlope = 0x0028_1053;
    public const uint VoiLutFunction = 0x0028_1056;
    public const uint ModalityLutSequence = 0x0028_3000;
    public const uint LutDescriptor = 0x0028_3002;
    public const uint LutData = 0x0028_3006;
    public const uint VoiLutSequence = 0x0028_3010;
    public const uint PresentationLutShape = 0x2050_0020;

    /// <summary>Red; green and blue follow.</summary>
    public const uint PaletteDescriptor = 0x0028_1101;
    public const uint PaletteData = 0x0028_1201;
    public const uint SegmentedPaletteData = 0x0028_1221;

    public const uint PixelValueTransformationSequence = 0x0028_9145;
    public const uint FrameVoiLutSequence = 0x0028_9132;
    public const uint SharedFunctionalGroups = 0x5200_9229;
    public const uint PerFrameFunctionalGroups = 0x5200_9230;

    public const uint FloatPixelData = 0x7FE0_0008;
    public const uint DoubleFloatPixelData = 0x7FE0_0009;
    public const uint PixelData = 0x7FE0_0010;

    public const uint Item = 0xFFFE_E000;
    public const uint ItemEnd = 0xFFFE_E00D;
    public const uint SequenceEnd = 0xFFFE_E0DD;

    private static readonly FrozenSet<uint> _sequences = FrozenSet.Create(
        ModalityLutSequence, VoiLutSequence, PixelValueTransformationSequence, FrameVoiLutSequence, SharedFunctionalGroups, PerFrameFunctionalGroups);

    private static readonly FrozenSet<uint> _kept = FrozenSet.Create(
        MediaStorageSopClassUid, TransferSyntaxUid, SpecificCharacterSet, SopClassUid, PresentationIntentType, PatientId, StudyInstanceUid, SeriesInstanceUid,
        SamplesPerPixel, PhotometricInterpretation, PlanarConfiguration, NumberOfFrames, Rows, Columns, BitsAllocated, BitsStored, HighBit,
        PixelRepresentation, PixelPaddingValue, PixelPaddingRangeLimit, BurnedInAnnotation,
        WindowCenter, WindowWidth, RescaleIntercept, RescaleSlope, VoiLutFunction, LutDescriptor, LutData, PresentationLutShape,
        PaletteDescriptor, PaletteDescriptor + 1, PaletteDescriptor + 2, PaletteData, PaletteData + 1, PaletteData + 2,
        SegmentedPaletteData, SegmentedPaletteData + 1, SegmentedPaletteData + 2);

    /// <summary>Whether its items are read; those of other sequences are passed over.</summary>
    public static bool IsSequence(uint tag) => _sequences.Contains(tag);

    /// <summary>Whether its value is kept.</summary>
    public static bool IsKept(uint tag) => _kept.Contains(tag);
}
