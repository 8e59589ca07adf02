using System.IO.Compression;
using System.Text;
using MedTransfer.Data.Import.Pictures;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Pictures;

/// <summary>What a file is, by its bytes, whatever it is called.</summary>
public sealed class ImageFilesTests : IDisposable
{
    private const string Volume = "volumes are not read: save the slices that count as PNG or DICOM";
    private const string Video = "is a video: save the frames that count as PNG (ffmpeg -i FILE frame%04d.png)";
    private const string Slide = "is a whole-slide image: cut out the regions that count with QuPath or OpenSlide and save them as PNG";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.dcm")]
    [InlineData("a.txt")]
    [InlineData("1.2.840.113619")]
    public void Pictures_are_read_whatever_they_are_called(string name)
    {
        File.WriteAllBytes(folder[name], PictureBytes.GreyPng(2, 1, 2));

        Assert.Equal([1f, 2f], ImageFiles.Read(folder[name]).Values);
    }

    public static TheoryData<string, byte[], string> Others => new()
    {
        { "a.nii", Nifti(), $"is a NIfTI file: {Volume}" },
        { "a.nii.gz", Packed(Nifti()), $"is a NIfTI file: {Volume}" },
        { "a.png", Packed(Nifti()), $"is a NIfTI file: {Volume}" },
        { "a.png.gz", Packed([1, 2, 3]), "is packed by gzip: unpack it first (gunzip)" },
        { "a.nrrd", Text("NRRD0004\ntype: short"), $"is a NRRD file: {Volume}" },
        { "a.mha", Text("ObjectType = Image\nNDims = 3\n"), $"is a MetaImage file: {Volume}" },
        { "a.png", Text("ObjectType = Image\nNDims = 3\n"), $"is a MetaImage file: {Volume}" },
        { "a.svs", PictureBytes.GreyPng(1, 1), Slide },
        { "a.NDPI", PictureBytes.GreyPng(1, 1), Slide },
        { "a.mrxs", PictureBytes.GreyPng(1, 1), Slide },
        { "a.scn", PictureBytes.GreyPng(1, 1), Slide },
        { "a.mp4", [0, 0, 0, 24, .. Text("ftypisom")], Video },
        { "a.mov", [0, 0, 0, 24, .. Text("ftypqt  ")], Video },
        { "a.avi", [.. Text("RIFF"), 0, 0, 0, 0, .. Text("AVI LIST")], Video },
        { "a.jpg", [0, 0, 0, 24, .. Text("ftypheic")], "is a HEIC picture, which is not read: convert it to PNG or JPEG" },
        { "a.jp2", [0, 0, 0, 12, .. Text("jP  \r\n")], "is a JPEG 2000 picture, which is not read: convert it to PNG" },
        { "a.pdf", Text("%PDF-1.7"), "is a PDF: save the images in it as PNG (pdfimages -png FILE image)" },
        { "a.zip", [.. Text("PK"), 3, 4, 20], "is a ZIP archive: unpack it first" },
        { "a.csv", Text("file,label\na.png,1\n"), "is text, not an image: give tables of labels as such, or remove it" },
        { "a.jpg", Text("\n<!DOCTYPE html><html>404</html>"), "is a web page, as servers send where an image cannot be had: download it again" },
        { "a.png", Text("version https://git-lfs.github.com/spec/v1\noid sha256:1"), "is a Git LFS pointer, not the image itself: run git lfs pull in its repository" },
        { "a.png", new byte[500], "has zeros only: copy or download it again" },
        { "a.png", [200, 1, 0, 9], "is no image that is read here (PNG, JPEG, BMP, TIFF, GIF, WebP or DICOM): convert it to PNG" },
        { "a.png", [], "is empty: copy or download it again" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void What_is_no_image_is_named(string name, byte[] bytes, string what)
    {
        File.WriteAllBytes(folder[name], bytes);

        Assert.Equal($"{folder[name]}: {what}", Assert.Throws<MedTransferException>(() => ImageFiles.Read(folder[name])).Message);
    }

    [Fact]
    public void Dicom_is_known_by_its_prefix_or_its_first_element()
    {
        Assert.True(ImageFiles.IsDicom([.. new byte[128], .. "DICM"u8]));
        Assert.True(ImageFiles.IsDicom([8, 0, 5, 0, .. "CS"u8, 10, 0]));            // explicit, little-endian
        Assert.True(ImageFiles.IsDicom([2, 0, 0, 0, .. "UL"u8, 4, 0]));             // file meta information without preamble
        Assert.True(ImageFiles.IsDicom([8, 0, 0x16, 0, 26, 0, 0, 0]));              // implicit
        Assert.True(ImageFiles.IsDicom([0, 8, 0, 5, .. "CS"u8, 0, 10]));            // explicit, big-endian

        Assert.False(ImageFiles.IsDicom([8, 0, 5, 0, 1, 2, 3, 4]));
        Assert.False(ImageFiles.IsDicom([8, 0, 0x16, 0, 26, 1, 0, 0]));             // longer than any first element
        Assert.False(ImageFiles.IsDicom([0, 0, 1, 0xBA, 0, 0, 0, 0]));
        Assert.False(ImageFiles.IsDicom(PictureBytes.GreyPng(1, 1)));
        Assert.False(ImageFiles.IsDicom([.. "DICM"u8, .. new byte[128]]));
        Assert.False(ImageFiles.IsDicom([]));
    }

    [Theory]
    [InlineData("a.png", true)]
    [InlineData("A.JPG", true)]
    [InlineData("b/c/a.tiff", true)]
    [InlineData("a.dcm", true)]
    [InlineData("IM000001", true)]
    [InlineData("1.2.840.113619.2.55.3", true)]
    [InlineData("a.nii.gz", true)]
    [InlineData("a.heic", true)]
    [InlineData("röntgen.png", true)]
    [InlineData(".DS_Store", false)]
    [InlineData("b/._a.png", false)]
    [InlineData("Thumbs.db", false)]
    [InlineData("desktop.ini", false)]
    [InlineData("labels.csv", false)]
    [InlineData("notes.txt", false)]
    [InlineData("a.json", false)]
    [InlineData("a.py", false)]
    [InlineData("a.ipynb", false)]
    [InlineData("a.tar.gz", false)]
    [InlineData("DICOMDIR", false)]
    [InlineData("README", false)]
    [InlineData("", false)]
    public void Names_say_what_is_worth_opening(string name, bool isCandidate) => Assert.Equal(isCandidate, ImageFiles.IsCandidate(name));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Nifti() => [0x5C, 1, .. new byte[342], .. "n+1\0"u8, .. new byte[100]];

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
