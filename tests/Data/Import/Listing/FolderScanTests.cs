using System.Diagnostics;
using MedTransfer.Data.Import.Listing;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Listing;

public sealed class FolderScanTests
{
    [Fact]
    public void Images_are_known_by_their_extensions_or_have_none()
    {
        using var folder = new ListedFolder("a.PNG", "b.jpg", "c.jpeg", "d.bmp", "e.tif", "f.tiff", "g.gif", "h.webp", "i.dcm", "j.dicom", "k", "l.txt", "m.csv.bak", "n.md", "o.TXT");

        var listing = folder.List();

        Assert.Equal(["a.PNG", "b.jpg", "c.jpeg", "d.bmp", "e.tif", "f.tiff", "g.gif", "h.webp", "i.dcm", "j.dicom", "k"], listing.Texts());
        Assert.Contains("4 other files were passed over: 2 .txt, 1 .bak, 1 .md.", listing.Notes);
    }

    [Fact]
    public void What_is_an_image_may_be_said()
    {
        using var folder = new ListedFolder("a.png", "x/b.ima");

        Assert.Equal(["x/b.ima"], folder.List(new() { IsCandidate = name => name == "b.ima", IsUnlabelled = true }).Texts());
    }

    [Fact]
    public void What_systems_leave_behind_is_not_seen()
    {
        using var folder = new ListedFolder("a.png", "._a.png", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/a.png", ".git/b.png");

        var listing = folder.List();

        Assert.Equal(["a.png"], listing.Texts());
        Assert.Single(listing.Notes);
        Assert.Empty(listing.LeftOut);
    }

    [Fact]
    public void Names_may_be_in_any_script_and_case()
    {
        string[] names = ["-rf.png", "A.png", "a.png", "a b's \"c\".png", "Лёгкие.png", "肺.png", "emoji 🫁.png", "é.png"];
        using var folder = new ListedFolder(names);

        Assert.Equal(names.Order(StringComparer.Ordinal), folder.List().Texts());
    }

    [Fact]
    public void Order_is_ordinal_at_any_depth()
    {
        using var folder = new ListedFolder("b/1.png", "a/2.png", "a/10.png", "a-b/1.png", "a/B/1.png");

        Assert.Equal(["a-b/1.png=1", "a/10.png=0", "a/2.png=0", "a/B/1.png=0", "b/1.png=2"], folder.List().Texts());
    }

    [Fact]
    public void Links_are_followed_and_loops_end()
    {
        using var folder = new ListedFolder("b/1.png", "b/deep/2.png");
        using var elsewhere = new ListedFolder("x.png", "sub/y.png");
        Directory.CreateSymbolicLink(folder["outside"], elsewhere.Path);
        Directory.CreateSymbolicLink(folder["a-link-to-b"], folder["b"]);
        Directory.CreateSymbolicLink(folder["b/deep/up"], folder.Path);
        Directory.CreateSymbolicLink(folder["b/around"], "..");
        Directory.CreateSymbolicLink(elsewhere["sub/self"], elsewhere.Path);
        File.CreateSymbolicLink(folder["b/3.png"], elsewhere["x.png"]);
        File.CreateSymbolicLink(folder["b/lost.png"], folder["nowhere.png"]);
        File.CreateSymbolicLink(folder["b/round.png"], folder["b/round.png"]);

        var listing = folder.List();

        Assert.Equal(["b/1.png=0", "b/3.png=0", "b/deep/2.png=0", "outside/sub/y.png=1", "outside/x.png=1"], listing.Texts());
        Assert.Equal(["b/lost.png: is a link that leads nowhere: put the file in its place", "b/round.png: is a link that leads nowhere: put the file in its place"], listing.LeftOutTexts());
        Assert.Contains("4 links ('a-link-to-b', 'b/around', 'b/deep/up', 'outside/sub/self') to folders that are looked through anyway were passed over.", listing.Details);
    }

    [Fact]
    public void A_folder_that_several_links_lead_to_is_seen_once()
    {
        using var folder = new ListedFolder();
        using var elsewhere = new ListedFolder("x.png", "sub/y.png");
        using var links = new TemporaryFolder();
        Directory.CreateSymbolicLink(links["way"], elsewhere.Path);
        Directory.CreateSymbolicLink(folder["by-way"], links["way/sub"]);
        Directory.CreateSymbolicLink(folder["inner"], elsewhere["sub"]);
        Directory.CreateSymbolicLink(folder["outer"], elsewhere.Path);

        Assert.Equal(["by-way/y.png=0", "outer/x.png=1"], folder.List().Texts());
    }

    [Fact]
    public void Links_that_lead_nowhere_are_no_images()
    {
        using var folder = new ListedFolder();
        File.CreateSymbolicLink(folder["lost.png"], folder["nowhere.png"]);

        Assert.Equal("has no file that can be opened: 'lost.png' is a link that leads nowhere: put the file in its place", folder.Refusal());
    }

    [Fact]
    public void A_link_to_a_folder_around_all_is_passed_over()
    {
        using var outer = new ListedFolder("set/a/1.png", "set/b/1.png", "other/1.png");
        Directory.CreateSymbolicLink(outer["set/b/loop"], outer.Path);

        Assert.Equal(["a/1.png", "b/1.png"], FolderListing.Of(outer["set"], new()).Images.Select(image => image.Name));
    }

    [Fact]
    public void The_folder_itself_may_be_a_link_and_its_path_relative()
    {
        using var folder = new ListedFolder("a/1.png", "b/1.png");
        using var links = new TemporaryFolder();
        Directory.CreateSymbolicLink(links["set"], folder.Path);
        Directory.CreateSymbolicLink(folder["a/up"], links["set"]);

        var relative = Path.GetRelativePath(Environment.CurrentDirectory, links["set"]) + "/";

        Assert.Equal([links["set/a/1.png"], links["set/b/1.png"]], FolderListing.Of(relative, new()).Images.Select(image => image.Path));
    }

    [Fact]
    public void A_folder_without_permission_is_named()
    {
        using var folder = new ListedFolder("a/1.png", "b/1.png");
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("an administrator may read all");
            return;
        }
        File.SetUnixFileMode(folder["b"], UnixFileMode.None);
        try
        {
            Assert.Equal(
                $"{folder["b"]}: may not be read: give yourself permission to read it, or move it elsewhere",
                Assert.Throws<MedTransferException>(() => folder.List()).Message);
        }
        finally
        {
            File.SetUnixFileMode(folder["b"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Thousands_of_images_take_no_time()
    {
        using var folder = new ListedFolder();
        Directory.CreateDirectory(folder["a"]);
        for (var i = 0; i < 5_000; i++) File.Create(folder[$"a/{i:00000}.png"]).Dispose();
        folder.Table(["file,label", .. Enumerable.Range(0, 5_000).Select(i => $"{i:00000}.png,{i % 3}")]);

        var time = Stopwatch.StartNew();
        var listing = folder.List();

        Assert.Equal(5_000, listing.Images.Count);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(5), $"{time.Elapsed}");
    }
}
