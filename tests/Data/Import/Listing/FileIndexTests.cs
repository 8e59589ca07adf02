using MedTransfer.Data.Import.Listing;

namespace MedTransfer.Tests.Data.Import.Listing;

public sealed class FileIndexTests
{
    private static readonly FileIndex _index = new(
        ["1.png", "A.png", "a.png", "a/2.png", "a/b/3.png", "b/2.png", "both.dcm", "both.png", "c/d/2.png", "e/1.png", "x.y.z", "Ä.png"],
        ["1.txt", "odd.ima"]);

    [Theory]
    [InlineData("1.png", "1.png")]
    [InlineData("1", "1.png")]                  // by its image, not by the text beside it
    [InlineData("1.txt", "1.txt")]
    [InlineData("odd", "odd.ima")]
    [InlineData("./a/2.png", "a/2.png")]
    [InlineData("a\\2.png", "a/2.png")]
    [InlineData("a/2", "a/2.png")]
    [InlineData("/home/me/set/a/b/3.png", "a/b/3.png")]
    [InlineData("C:\\set\\a\\2.png", "a/2.png")]
    [InlineData("../a/2.png", "a/2.png")]
    [InlineData("b/3.png", "a/b/3.png")]
    [InlineData("3.png", "a/b/3.png")]
    [InlineData("d/2.png", "c/d/2.png")]
    [InlineData("a.png", "a.png")]              // two that differ in case alone
    [InlineData("A.png", "A.png")]
    [InlineData("A/2.PNG", "a/2.png")]
    [InlineData("ä.PNG", "Ä.png")]
    [InlineData("x.y.z", "x.y.z")]
    public void A_text_finds_its_file(string text, string name) => Assert.Equal([name], _index.Find(text).Names);

    [Theory]
    [InlineData("2.png", "a/2.png", "b/2.png")]
    [InlineData("e/2.png", "a/2.png", "b/2.png")]
    [InlineData("both", "both.dcm", "both.png")]
    public void A_text_that_may_be_several_finds_the_first_two(string text, string one, string other) => Assert.Equal([one, other], _index.Find(text).Names);

    [Theory]
    [InlineData("4.png")]
    [InlineData("1.jpg")]
    [InlineData("/")]
    [InlineData("..")]
    [InlineData("")]
    public void A_text_may_find_none(string text) => Assert.Empty(_index.Find(text).Names);

    [Theory]
    [InlineData("q/3.png", true)]
    [InlineData("q/1.png", true)]
    [InlineData("b/3.png", false)]
    [InlineData("3.png", false)]
    [InlineData("q/a/2.png", false)]
    public void What_is_found_by_base_name_alone_is_known(string text, bool isByBaseName) => Assert.Equal(isByBaseName, _index.Find(text).IsByBaseName);
}
