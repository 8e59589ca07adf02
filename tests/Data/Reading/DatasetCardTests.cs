using MedTransfer.Data.Checks;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Reading;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Reading;

public sealed class DatasetCardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public DatasetCardTests() => NpzWriter.Write(folder["my.npz"], DatasetFile.Binary());

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Any_set_has_the_label_names_that_its_card_says()
    {
        Card("""{ "labels": ["normal", "pneumonia"], "positive": "normal", "about": { "site": "somewhere" } }""");

        using var data = Load();

        Assert.Equal(["normal", "pneumonia"], data.Info.LabelNames);
        Assert.Equal(("normal", "somewhere", (string?)null), (data.Card!.Positive, data.Card.About!.Site, data.Card.About.Device));
    }

    [Fact]
    public void Merged_findings_keep_the_card_but_for_names_that_are_none_of_their_classes()
    {
        new DatasetCard { Labels = ["a", "b", "c"], PatientKey = "k" }.Write(folder["my.npz"]);
        using var data = DatasetFile.Load(folder["my.npz"], DatasetFile.Findings());
        using var merged = data.Binarised();

        Assert.Equal(("k", null), (merged.Card!.PatientKey, merged.Card.Labels));
    }

    [Fact]
    public void Set_without_a_card_has_none() => Assert.Null(Loaded(data => data.Card));

    [Theory]
    [InlineData("""{ "labels": ["normal"] }""", "names 1 labels ('normal'), but my.npz has 2: name each of them once.")]
    [InlineData("""{ "labels": ["normal", "Normal"] }""", "its labels ('normal', 'Normal') have no name, or one twice: name each of them once.")]
    [InlineData("""{ "labels": ["normal", "ill"], "positive": "well" }""", "its positive class is 'well', which is none of its labels ('normal', 'ill'): name one of them.")]
    [InlineData("""{ "lables": [] }""", "does not describe my.npz, wrong at $.lables, line 1: correct it, or give one or the other another name.")]
    [InlineData("""{ "about": { "fundng": "x" } }""", "does not describe my.npz, wrong at $.about.fundng, line 1: correct it")]
    [InlineData("""{ "labels": ["normal", null] }""", "its labels ('normal', '') have no name, or one twice: name each of them once.")]
    [InlineData("null", "does not describe my.npz, as it says nothing: correct it, or give it another name.")]
    [InlineData("[]", "does not describe my.npz, wrong at $, line 1: correct it")]
    public void Card_that_is_of_something_else_is_refused(string card, string said)
    {
        Card(card);

        Assert.StartsWith($"{folder["my.json"]}: {said}", Assert.Throws<MedTransferException>(() => Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var card = new DatasetCard { Labels = ["a", "b"], Pixels = "8 x 8", LeftOut = new Dictionary<string, int> { ["is empty"] = 2 }, About = new() { Period = "2020" } };

        card.Write(folder["my.npz"]);

        var read = DatasetCard.TryRead(folder["my.npz"])!;
        Assert.Equal((string.Join(' ', card.Labels), card.Pixels, card.About), (string.Join(' ', read.Labels!), read.Pixels, read.About));
        Assert.Equal(card.LeftOut, read.LeftOut);
    }

    [Fact]
    public void Validation_and_test_may_be_empty_or_missing()
    {
        var arrays = DatasetFile.Binary();
        arrays["val_images"] = new byte[0, 4, 4];
        arrays["val_labels"] = new byte[0, 1];
        arrays.Remove("test_images");
        arrays.Remove("test_labels");
        NpzWriter.Write(folder["my.npz"], arrays);

        using var data = Load();

        Assert.Equal((12, 0, 0), (data.Train.Count, data.Validation.Count, data.Test.Count));
        Assert.Equal([0L, 1, 4, 4], data.Validation.Images.shape);
        Assert.DoesNotContain(DatasetChecks.Of(DatasetStatistics.Of(data, cancellation: TestContext.Current.CancellationToken)).Notes, note => note.Contains("validation", StringComparison.Ordinal) || note.Contains("test", StringComparison.Ordinal));
    }

    private void Card(string json) => File.WriteAllText(folder["my.json"], json);

    private Dataset Load() => DatasetSource.Find(folder["my.npz"], new DataFolders([])).Load();

    private T Loaded<T>(Func<Dataset, T> of)
    {
        using var data = Load();
        return of(data);
    }
}
