using MedTransfer.Data.Import;

namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>From stored values to those that are shown (PS3.3 C.11); expected numbers by hand from the standard's formulas.</summary>
public sealed class DicomGreyTests : IDisposable
{
    private const uint Center = 0x0028_1050;
    private const uint Width = 0x0028_1051;
    private const uint Intercept = 0x0028_1052;
    private const uint Slope = 0x0028_1053;
    private const uint Function = 0x0028_1056;
    private const uint Padding = 0x0028_0120;
    private const uint PaddingLimit = 0x0028_0121;
    private const uint ModalityLut = 0x0028_3000;
    private const uint VoiLut = 0x0028_3010;

    private readonly DicomFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Without_a_window_values_are_the_device_s()
    {
        var file = DicomBytes.Grey(3, 0, 10, 65535).Ds(Slope, 2).Ds(Intercept, -1024).Us(Padding, 65535);

        var image = files.Read(file);

        Assert.Equal([-1024, -1004, 130046], image.Values);
        Assert.Null(image.Range);
        Assert.Equal(130046, image.Padding);
        Assert.False(image.IsInverted);
    }

    [Fact]
    public void Padding_has_the_sign_of_the_pixels()
    {
        var image = files.Read(DicomBytes.Grey(2, -2000, 7).Us(0x0028_0103, 1).Us(Padding, -2000).Ds(Slope, 1).Ds(Intercept, -24));

        Assert.Equal([-2024, -17], image.Values);
        Assert.Equal(-2024, image.Padding);
    }

    // written as US in a file of signed pixels: the same bits
    [Fact]
    public void First_of_several_numbers_counts() =>
        Assert.Equal(-2000, files.Read(DicomBytes.Grey(2, 1, 2).Us(0x0028_0103, 1, 0).Us(0x0028_0101, 16, 16).Us(Padding, 63536, 1)).Padding);

    [Fact]
    public void Range_of_padding_becomes_one_value()
    {
        var image = files.Read(DicomBytes.Grey(5, 0, 1, 2, 3, 4).Us(Padding, 1).Us(PaddingLimit, 3));

        Assert.Equal([0, 1, 1, 1, 4], image.Values);
        Assert.Equal(1, image.Padding);
        Assert.Equal(["all values of its padding range count as one"], image.Remarks);
    }

    // c = 50, w = 101: from 49.5 - 50 to 49.5 + 50; at 0 it is (-49.5 / 100 + .5) 255
    [Fact]
    public void Linear_window_uses_half_less_than_the_centre_and_one_less_than_the_width() =>
        AssertShown(null, 50, 101, [1.275, 126.225, 128.775, 253.725, 255], 0, 49, 50, 99, 100);

    // c = 50, w = 100: from 0 to 100
    [Fact]
    public void Exact_linear_window_uses_centre_and_width_as_they_are() =>
        AssertShown("LINEAR_EXACT", 50, 100, [0, 2.55, 124.95, 127.5, 252.45, 255, 255], 0, 1, 49, 50, 99, 100, 200);

    // 255 / (1 + exp(-4 (x - 50) / 100)): exp(2) = 7.389056, exp(-.4) = .670320
    [Fact]
    public void Sigmoid_window_is_the_logistic_function() =>
        AssertShown("SIGMOID", 50, 100, [255 / 8.389056, 127.5, 255 / 1.670320, 255 / (1 + 1 / 7.389056)], 0, 50, 60, 100);

    // c - 0.5 = 10.5: all up to it is black, what is more is white
    [Fact]
    public void Window_of_width_one_is_a_threshold() => AssertShown(null, 11, 1, [0, 0, 255], 9, 10, 11);

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("0.5")]
    [InlineData("x")]
    [InlineData("")]
    public void Window_of_no_width_is_not_used_and_said(string width)
    {
        var image = files.Read(DicomBytes.Grey(2, 1, 2).Ds(Center, 1).Text(Width, "DS", width));

        Assert.Equal([1, 2], image.Values);
        Assert.Null(image.Range);
        Assert.Equal(["its window has no centre or no width and was not used"], image.Remarks);
    }

    [Fact]
    public void Exact_window_may_be_narrower_than_one() =>
        Assert.Equal([0, 127.5f, 255], files.Read(DicomBytes.Grey(3, 0, 1, 2).Ds(Center, 1).Ds(Width, 0.5).Text(Function, "CS", "LINEAR_EXACT")).Values);

    [Fact]
    public void Window_is_of_rescaled_values_and_the_first_of_several()
    {
        var image = files.Read(DicomBytes.Grey(3, 0, 50, 100).Ds(Slope, 2).Ds(Intercept, -100).Ds(Center, 0, 1000).Ds(Width, 100, 10).Text(Function, "CS", "LINEAR_EXACT").Us(Padding, 0));

        Assert.Equal([0, 127.5f, 255], image.Values);
        Assert.Equal(new ValueRange(0, 255), image.Range);
        Assert.Null(image.Padding);
        Assert.Equal(["the first of its several windows was used"], image.Remarks);
    }

    [Fact]
    public void Unknown_window_function_is_linear_and_said()
    {
        var image = files.Read(DicomBytes.Grey(1, 100).Ds(Center, 50).Ds(Width, 101).Text(Function, "CS", "CUBIC"));

        Assert.Equal([255], image.Values);
        Assert.Equal(["its VOI LUT function is not known and was taken as LINEAR"], image.Remarks);
    }

    [Theory]
    [InlineData(true, DicomBytes.Explicit)]
    [InlineData(false, DicomBytes.Explicit)]
    [InlineData(false, DicomBytes.Implicit)]
    [InlineData(true, DicomBytes.BigEndian)]
    public void Modality_table_comes_before_the_window(bool hasLength, string syntax)
    {
        var table = new DicomBytes().Us(0x0028_3002, 3, 10, 16).Words(0x0028_3006, "OW", 100, 200, 300);
        var file = DicomBytes.Grey(4, 0, 10, 11, 60000).Sequence(ModalityLut, hasLength, table).Ds(Slope, 99);

        var image = files.Read(file, syntax);
        var shown = files.Read(file.Ds(Center, 200).Ds(Width, 200).Text(Function, "CS", "LINEAR_EXACT"), syntax);

        Assert.Equal([100, 100, 200, 300], image.Values);
        Assert.Equal([0, 0, 127.5f, 255], shown.Values);
    }

    [Fact]
    public void Voi_table_comes_before_the_window_and_is_scaled_by_its_bits()
    {
        var table = new DicomBytes().Us(0x0028_3002, 4, 1, 12).Words(0x0028_3006, "US", 0, 1365, 2730, 4095);
        var other = new DicomBytes().Us(0x0028_3002, 1, 0, 8).Words(0x0028_3006, "US", 7);
        var image = files.Read(DicomBytes.Grey(5, 0, 1, 2, 3, 9).Sequence(VoiLut, true, table, other).Ds(Center, 1).Ds(Width, 1));

        Assert.Equal([0, 0, 85, 170, 255], image.Values);
        Assert.Equal(new ValueRange(0, 255), image.Range);
        Assert.Equal(["the first of its several VOI lookup tables was used"], image.Remarks);
    }

    [Theory]
    [InlineData(DicomBytes.Implicit, "US")]
    [InlineData(DicomBytes.Explicit, "SS")]
    public void Voi_table_of_values_below_zero_may_begin_there(string syntax, string representation)
    {
        var table = new DicomBytes().Words(0x0028_3002, representation, 3, -1, 8).Words(0x0028_3006, "OW", 0, 51, 255);

        Assert.Equal([0, 51, 255], files.Read(DicomBytes.Grey(3, 0, 1, 2).Ds(Slope, 1).Ds(Intercept, -1).Sequence(VoiLut, true, table), syntax).Values);
    }

    [Fact]
    public void Table_of_eight_bits_may_have_two_entries_in_a_word()
    {
        var table = new DicomBytes().Us(0x0028_3002, 3, 0, 8).Bytes(0x0028_3006, "OB", 10, 20, 30);

        Assert.Equal([10, 20, 30], files.Read(DicomBytes.Grey(3, 0, 1, 2).Sequence(ModalityLut, true, table)).Values);
    }

    [Fact]
    public void Monochrome1_is_told_and_never_turned_round()
    {
        var image = files.Read(DicomBytes.Grey(2, 0, 100).Text(0x0028_0004, "CS", "MONOCHROME1").Ds(Center, 50).Ds(Width, 100).Text(Function, "CS", "LINEAR_EXACT"));

        Assert.Equal([0, 255], image.Values);
        Assert.True(image.IsInverted);
    }

    [Theory]
    [InlineData("MONOCHROME1", "IDENTITY", true)]
    [InlineData("MONOCHROME1", "INVERSE", false)]
    [InlineData("MONOCHROME2", "INVERSE", true)]
    [InlineData("MONOCHROME2", "IDENTITY", false)]
    public void Presentation_shape_that_contradicts_is_said(string photometric, string shape, bool contradicts)
    {
        // (2050,0020) stands before the pixels
        var image = files.Read(DicomBytes.Grey(1, 0).Text(0x0028_0004, "CS", photometric).Text(0x2050_0020, "CS", shape));

        Assert.Equal(photometric == "MONOCHROME1", image.IsInverted);
        Assert.Equal(contradicts ? ["its presentation LUT shape contradicts its photometric interpretation, which was followed"] : [], image.Remarks);
    }

    [Fact]
    public void Images_for_presentation_have_the_range_of_their_bits()
    {
        var file = DicomBytes.Grey(2, 0, 4000).Us(0x0028_0101, 12).Us(0x0028_0102, 11).Text(0x0008_0068, "CS", "FOR PRESENTATION");

        Assert.Equal(new ValueRange(0, 4095), files.Read(file).Range);
        Assert.Equal(new ValueRange(-4085, 10), files.Read(file.Ds(Slope, -1).Ds(Intercept, 10)).Range);
        Assert.Equal(new ValueRange(-2037, 2058), files.Read(file.Us(0x0028_0103, 1)).Range);
        Assert.Null(files.Read(DicomBytes.Grey(1, 0).Text(0x0008_0068, "CS", "FOR PROCESSING")).Range);
    }

    [Fact]
    public void Functional_groups_of_a_frame_come_before_those_of_all()
    {
        static DicomBytes Group(double slope) => new DicomBytes().Sequence(0x0028_9145, false, new DicomBytes().Ds(Slope, slope).Ds(Intercept, 0));
        var window = new DicomBytes().Sequence(0x0028_9132, true, new DicomBytes().Ds(Center, 50).Ds(Width, 100).Text(Function, "CS", "LINEAR_EXACT"));
        var file = DicomBytes.Of("MONOCHROME2", 1, 1, 16).Text(0x0028_0008, "IS", "2").Pixels(16, 10, 10)
            .Sequence(0x5200_9229, true, window).Sequence(0x5200_9230, true, Group(1), Group(5));

        Assert.Equal([25.5f], files.Read(file, frame: 1).Values);
        Assert.Equal([127.5f], files.Read(file, frame: 2).Values);
    }

    [Fact]
    public void Slope_of_zero_is_one_and_said()
    {
        var image = files.Read(DicomBytes.Grey(1, 5).Ds(Slope, 0).Ds(Intercept, 1));

        Assert.Equal([6], image.Values);
        Assert.Equal(["its rescale slope is 0 and was taken as 1"], image.Remarks);
    }

    [Fact]
    public void Burned_in_text_is_said() =>
        Assert.Equal(["may show who the patient is (BurnedInAnnotation)"], files.Read(DicomBytes.Grey(1, 5).Text(0x0028_0301, "CS", "YES")).Remarks);

    // 70,000 pixels have all shown values in a table, one has not
    [Fact]
    public void Many_pixels_are_shown_as_few_are()
    {
        int[] cells = [.. Enumerable.Range(0, 70000).Select(i => i * 7 % 65536)];
        var file = DicomBytes.Grey(70, cells).Us(0x0028_0103, 1).Ds(Slope, 0.3).Ds(Intercept, 5).Ds(Center, 1000).Ds(Width, 5000).Text(Function, "CS", "SIGMOID");
        var few = DicomBytes.Grey(70, cells[..7000]).Us(0x0028_0103, 1).Ds(Slope, 0.3).Ds(Intercept, 5).Ds(Center, 1000).Ds(Width, 5000).Text(Function, "CS", "SIGMOID");

        Assert.Equal(files.Read(few).Values, files.Read(file).Values[..7000]);
    }

    private void AssertShown(string? function, double center, double width, double[] expected, params int[] stored)
    {
        var file = DicomBytes.Grey(stored.Length, stored).Ds(Center, center).Ds(Width, width);
        if (function is not null) file.Text(Function, "CS", function);

        var image = files.Read(file);

        Assert.Equal(new ValueRange(0, 255), image.Range);
        Assert.Equal(expected.Length, image.Values.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], image.Values[i], 1e-4);
    }
}
