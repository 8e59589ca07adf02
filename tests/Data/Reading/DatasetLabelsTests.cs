using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Reading;

public sealed class DatasetLabelsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_column_of_0_and_1_is_a_binary_task()
    {
        using var dataset = Load(DatasetFile.Binary());

        Assert.Equal(LabelTask.BinaryClass, dataset.Info.Task);
        Assert.Equal(["0", "1"], dataset.Info.LabelNames);
        Assert.Equal([6, 6], dataset.LabelCounts(SplitName.Train));
    }

    [Fact]
    public void One_column_of_more_classes_is_a_multi_class_task()
    {
        using var dataset = Load(DatasetFile.WithLabels((row, _) => (byte)(row % 4), columns: 1));

        Assert.Equal((LabelTask.MultiClass, 4), (dataset.Info.Task, dataset.Info.Outputs));
        Assert.Equal([3, 3, 3, 3], dataset.LabelCounts(SplitName.Train));
    }

    [Fact]
    public void Several_columns_of_0_and_1_are_findings()
    {
        using var dataset = Load(DatasetFile.Findings());

        Assert.Equal((LabelTask.MultiLabel, 3), (dataset.Info.Task, dataset.Info.Outputs));
        // Of 0 to 11, bit 0 is set in six, bit 1 in six, bit 2 in four (4 to 7).
        Assert.Equal([6, 6, 4], dataset.LabelCounts(SplitName.Train));
    }

    [Fact]
    public void Fourteen_findings_of_an_unknown_file_have_numbers_for_names()
    {
        using var dataset = Load(DatasetFile.WithLabels((row, column) => (byte)((row + column) % 2), columns: 14));

        Assert.Equal((LabelTask.MultiLabel, "13"), (dataset.Info.Task, dataset.Info.LabelNames[13]));
    }

    [Fact]
    public void File_without_labels_has_no_task()
    {
        var arrays = DatasetFile.Binary();
        foreach (var split in new[] { "train", "val", "test" }) arrays.Remove($"{split}_labels");

        using var dataset = Load(arrays);

        Assert.Null(dataset.Info.Task);
        Assert.Equal((12, 0), (dataset.Train.Labels.Count, dataset.Train.Labels.Columns));
        Assert.Empty(dataset.LabelCounts(SplitName.Train));
    }

    [Theory]
    [MemberData(nameof(EquivalentLabels))]
    public void Labels_of_other_types_and_shapes_are_the_same(Array labels)
    {
        var arrays = DatasetFile.Binary();
        arrays["test_labels"] = labels;

        using var dataset = Load(arrays);

        Assert.Equal([0, 1, 0, 1], dataset.Test.Labels.Values.Cast<byte>());
    }

    public static TheoryData<Array> EquivalentLabels =>
        [new byte[] { 0, 1, 0, 1 }, new long[,] { { 0 }, { 1 }, { 0 }, { 1 } }, new[] { false, true, false, true }, new[] { 0f, 1, 0, 1 }];

    public static TheoryData<string, string, Array> Unfit => new()
    {
        { "test_labels: 5 labels for the 4 images", "test_labels", new byte[5, 1] },
        { "test_labels: shape (4, 1, 1)", "test_labels", new byte[4, 1, 1] },
        { "test_labels: shape (4, 0)", "test_labels", new byte[4, 0] },
        { "test_labels: shape (4, 257)", "test_labels", new byte[4, 257] },
        { "test_labels: 2 labels an image, train_labels has 1", "test_labels", new byte[4, 2] },
        { "test_labels[1] is the first of 2 labels, of 4, that are -1; where that stands for an uncertain finding, a recipe's --uncertain 0", "test_labels", new sbyte[] { 0, -1, -1, 1 } },
        { "test_labels[1] is -2: labels are whole numbers from 0 to 254", "test_labels", new sbyte[] { 0, -2, 0, 1 } },
        { "test_labels[3] is 255: labels are", "test_labels", new short[] { 0, 1, 0, 255 } },
        { "test_labels[2, 0] is 0.5: labels are", "test_labels", new[,] { { 0.0 }, { 1.0 }, { 0.5 }, { 1.0 } } },
        { "test_labels[0] is the first of 1 labels, of 4, that are NaN, which stands for a missing label", "test_labels", new[] { float.NaN, 1, 0, 1 } },
        { "test_labels[0] is Infinity: labels are", "test_labels", new[] { float.PositiveInfinity, 1, 0, 1 } },
        { "test_labels: all images are of class 1", "test_labels", new byte[] { 1, 1, 1, 1 } },
        { "val_labels: all images are of class 0", "val_labels", new byte[6] },
        { "train_labels: all images are of class 0", "train_labels", new byte[12] },
        { "train_labels: no image of class 2, of 3", "test_labels", new byte[] { 0, 1, 2, 1 } },
        { "train_labels: no image of class 0, of 3", "train_labels", new byte[] { 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2 } },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Labels_that_do_not_fit_are_refused_with_their_place(string message, string key, Array labels)
    {
        var arrays = DatasetFile.Binary();
        arrays[key] = labels;

        Assert.Contains(message, Assert.Throws<MedTransferException>(() => Load(arrays)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_in_only_some_splits_are_refused()
    {
        var arrays = DatasetFile.Binary();
        arrays.Remove("val_labels");

        Assert.Contains("has no 'val_labels'", Assert.Throws<MedTransferException>(() => Load(arrays)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finding_of_2_is_refused()
    {
        var arrays = DatasetFile.Findings();
        ((byte[,])arrays["val_labels"])[4, 1] = 2;

        Assert.Contains("val_labels[4, 1] is 2: several labels an image are findings", Assert.Throws<MedTransferException>(() => Load(arrays)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chestmnist", "1 labels an image where its task, MultiLabel, has 14")]
    [InlineData("tissuemnist", null)]
    [InlineData("pneumoniamnist", "train_labels[2] is 2: the classes are 0 to 1")]
    public void Labels_are_held_against_the_catalogues_task(string name, string? message)
    {
        var published = MedMnist.TryFind(name)!;
        var entry = published with { Info = published.Info with { ImageSize = DatasetFile.Size } };
        DatasetFile.Write(folder["a.npz"], DatasetFile.WithLabels((row, _) => (byte)(row % 8), columns: 1));
        var source = new DatasetSource(name, folder["a.npz"], "", entry);

        if (message is null) source.Load().Dispose();
        else Assert.Contains(message, Assert.Throws<MedTransferException>(() => source.Load()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, LabelTask.BinaryClass)]
    [InlineData(3, LabelTask.MultiClass)]
    public void One_hot_rows_are_classes_and_that_is_said(int columns, LabelTask task)
    {
        using var dataset = Load(DatasetFile.WithLabels((row, column) => (byte)(row % columns == column ? 1 : 0), columns));

        Assert.Equal(task, dataset.Info.Task);
        Assert.Equal(Enumerable.Range(0, 12).Select(row => (byte)(row % columns)), dataset.Train.Labels.Values.Cast<byte>());
        Assert.Contains(dataset.Notes, note => note.Contains($"read as the classes 0 to {columns - 1}, not as findings", StringComparison.Ordinal));
    }

    [Fact]
    public void One_row_that_is_not_one_hot_makes_all_findings()
    {
        var arrays = DatasetFile.WithLabels((row, column) => (byte)(row % 3 == column ? 1 : 0), 3);
        ((byte[,])arrays["test_labels"])[3, 0] = 0;

        using var dataset = Load(arrays);

        Assert.Equal(LabelTask.MultiLabel, dataset.Info.Task);
        Assert.DoesNotContain(dataset.Notes, note => note.Contains("one-hot", StringComparison.Ordinal));
    }

    [Fact]
    public void One_hot_column_without_images_in_train_is_refused_as_a_column()
    {
        var arrays = DatasetFile.WithLabels((row, column) => (byte)(row % 2 == column ? 1 : 0), 3);

        Assert.Contains("train_labels: no image of class 2, of 3; have each class in train, or leave its column", Refused(arrays, []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('U', false)]
    [InlineData('U', true)]
    [InlineData('S', false)]
    public void Class_names_are_numbered_in_the_order_of_their_letters_the_same_in_all_splits(char kind, bool bigEndian)
    {
        using var dataset = Load(Named(
            [.. Enumerable.Range(0, 12).Select(row => row % 3 == 0 ? "malin" : row % 3 == 1 ? "Zyste" : "bénin")], ["bénin", "Zyste", "malin", "malin", "malin", "malin"], kind, bigEndian));

        Assert.Equal(["Zyste", "bénin", "malin"], dataset.Info.LabelNames);
        Assert.Equal(LabelTask.MultiClass, dataset.Info.Task);
        Assert.Equal([2, 0, 1], dataset.Train.Labels.Values.Cast<byte>().Take(3));
        Assert.Equal([1, 0, 2, 2, 2, 2], dataset.Validation.Labels.Values.Cast<byte>());
        Assert.Contains("Classes have names in the file and are numbered in the order of their letters: 0 is 'Zyste', 1 is 'bénin', 2 is 'malin'.", dataset.Notes);
    }

    [Theory]
    [InlineData("train_labels: no image of class 'cyst', of 3; have each class in train, or leave its images out", "cyst", "ill")]
    [InlineData("val_labels: all images are of class 'ill'", "ill", "ill")]
    [InlineData("val_labels[0] is the first of 1 labels, of 6, that are without a name", "nan", "ill")]
    [InlineData("val_labels[0] is the first of 6 labels, of 6, that are without a name", "", "None")]
    public void Class_names_that_do_not_fit_are_refused_by_name(string message, string first, string others) => Assert.Contains(
        message, Assert.Throws<MedTransferException>(() => Load(Named([.. Enumerable.Range(0, 12).Select(row => row % 2 == 0 ? "ill" : "well")], [first, others, others, others, others, others]))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Names_in_one_split_and_numbers_in_another_are_refused() => Assert.Contains(
        "val_labels: names where train_labels has numbers", Refused(DatasetFile.Binary(), new() { ["val_labels"] = NpyBytes.OfTexts(["a", "b", "a", "b", "a", "b"]) }), StringComparison.Ordinal);

    [Fact]
    public void More_names_than_classes_can_be_are_refused_where_the_first_too_many_is()
    {
        var arrays = new Dictionary<string, Array>();
        foreach (var split in new[] { "train", "val", "test" }) arrays[$"{split}_images"] = new byte[300, 4, 4];
        var names = NpyBytes.OfTexts([.. Enumerable.Range(0, 300).Select(row => $"patient {row}")]);

        var message = Refused(arrays, new() { ["train_labels"] = names, ["val_labels"] = names, ["test_labels"] = names });

        Assert.Contains("train_labels[255] is 'patient 255': one name more than 255, the most classes there can be", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_longer_than_a_chunk_of_reading_are_read_whole()
    {
        // 2,000 letters are 8,000 bytes, of which 65,536 is no multiple
        var (long0, long1) = (new string('a', 2000), new string('a', 1999) + "b");

        using var dataset = Load(Named([.. Enumerable.Range(0, 12).Select(row => row % 2 == 0 ? long0 : long1)], [long0, long1, long0, long1, long0, long1]));

        Assert.Equal(Enumerable.Range(0, 12).Select(row => (byte)(row % 2)), dataset.Train.Labels.Values.Cast<byte>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Uncertain_findings_are_read_as_asked_and_counted(int uncertain)
    {
        using var dataset = Load(Uncertain((4, 1), (7, 2)), [], uncertain);

        Assert.Equal((uncertain, uncertain), (dataset.Train.Labels[4, 1], dataset.Train.Labels[7, 2]));
        Assert.Equal(LabelTask.MultiLabel, dataset.Info.Task);
        Assert.Contains($"Uncertain labels (-1) were read as {uncertain}: 2 in train, 0 in validation, 0 in test.", dataset.Notes);
    }

    [Fact]
    public void Reading_uncertain_findings_changes_no_set_without_them_and_no_classes()
    {
        using var certain = Load(DatasetFile.Findings(), [], 1);
        var classes = DatasetFile.WithLabels((row, _) => (byte)(row % 3), columns: 1);
        classes["test_labels"] = new sbyte[] { 0, 1, -1, 2 };

        Assert.Contains("No label is -1: --uncertain changes nothing here.", certain.Notes);
        Assert.Equal([6, 6, 4], certain.LabelCounts(SplitName.Train));
        Assert.Contains("--uncertain is about findings of 0 and 1, but the labels are 3 classes", Refused(classes, [], 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train_labels", "labels.astype(str)")]
    [InlineData("train_images", "images.astype('uint8')")]
    [InlineData("train_patients", "those of all splits together")]
    public void Python_objects_are_refused_with_advice_for_what_the_array_is(string key, string advice)
    {
        var message = Refused(DatasetFile.Binary(), new() { [key] = NpyBytes.Of("|O", "(12,)", []) });

        Assert.Contains($"{key}: Python objects (pickled) cannot be read; ", message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_findings_are_read_as_such_in_any_type_of_float_and_nothing_else_is()
    {
        using var dataset = Load(WithMissing((4, 1), (7, 2)));

        Assert.Equal(LabelTask.MultiLabel, dataset.Info.Task);
        Assert.Equal([13, 23], Enumerable.Range(0, 36).Where(place => dataset.Train.Labels.IsMissing(place / 3, place % 3)));
        // rows 0 to 11 have the findings of their lowest three bits; 7 has all three, 4 the last
        Assert.Equal([6, 6, 3], dataset.LabelCounts(SplitName.Train));
        Assert.Equal([12, 11, 11], dataset.KnownCounts(SplitName.Train));
        Assert.False(dataset.Test.Labels.HasMissing);
    }

    [Fact]
    public void Uncertain_findings_beside_missing_ones_stay_what_they_are()
    {
        var arrays = WithMissing((4, 1));
        ((double[,])arrays["train_labels"])[7, 2] = -1;

        using var dataset = Load(arrays, [], uncertain: 1);

        Assert.Equal((Labels.Missing, 1), (dataset.Train.Labels[4, 1], dataset.Train.Labels[7, 2]));
        Assert.Contains("are -1; where that stands", Refused(arrays, []), StringComparison.Ordinal);
    }

    [Fact]
    public void One_hot_rows_of_which_one_is_missing_are_findings()
    {
        var arrays = DatasetFile.WithLabels((row, column) => (byte)(row % 3 == column ? 1 : 0), 3);
        var labels = new float[4, 3];
        for (var place = 0; place < labels.Length; place++) labels[place / 3, place % 3] = place == 5 ? float.NaN : ((byte[,])arrays["test_labels"])[place / 3, place % 3];
        arrays["test_labels"] = labels;

        using var dataset = Load(arrays);

        Assert.Equal(LabelTask.MultiLabel, dataset.Info.Task);
    }

    [Fact]
    public void Findings_written_as_text_are_numbers_and_empty_where_they_are_missing()
    {
        byte[] Findings(int rows) => NpyBytes.OfTexts(
            [.. Enumerable.Range(0, 2 * rows).Select(place => place == 3 ? "" : place == 4 ? "nan" : place % 3 == 0 ? "1" : place % 3 == 1 ? "0" : "0.0")], columns: 2);
        Dictionary<string, byte[]> texts = new() { ["train_labels"] = Findings(12), ["val_labels"] = Findings(6), ["test_labels"] = Findings(4) };

        using var dataset = Load(DatasetFile.Binary(), texts, null);

        Assert.Equal(LabelTask.MultiLabel, dataset.Info.Task);
        Assert.Equal([1, 0, 0, 255, 255, 0, 1, 0], dataset.Test.Labels.Flat.ToArray());
        texts["val_labels"] = NpyBytes.OfTexts([.. Enumerable.Repeat("0", 7), "ill", .. Enumerable.Repeat("0", 4)], columns: 2);
        Assert.Contains("val_labels[3, 1] is 'ill': several labels an image are findings, 0 or 1 each, empty where they are not known", Refused(DatasetFile.Binary(), texts), StringComparison.Ordinal);
    }

    private static Dictionary<string, Array> WithMissing(params (int Row, int Column)[] places)
    {
        var arrays = DatasetFile.Findings();
        var labels = new double[12, 3];
        for (var place = 0; place < labels.Length; place++) labels[place / 3, place % 3] = ((byte[,])arrays["train_labels"])[place / 3, place % 3];
        foreach (var (row, column) in places) labels[row, column] = double.NaN;
        arrays["train_labels"] = labels;
        return arrays;
    }

    private static Dictionary<string, Array> Uncertain(params (int Row, int Column)[] places)
    {
        var arrays = DatasetFile.Findings();
        var findings = (byte[,])arrays["train_labels"];
        var labels = new float[12, 3];
        for (var place = 0; place < labels.Length; place++) labels[place / 3, place % 3] = findings[place / 3, place % 3];
        foreach (var (row, column) in places) labels[row, column] = -1;
        arrays["train_labels"] = labels;
        return arrays;
    }

    private static Dictionary<string, byte[]> Named(string[] train, string[] others, char kind = 'U', bool bigEndian = false) => new()
    {
        ["train_labels"] = NpyBytes.OfTexts(train, kind, bigEndian),
        ["val_labels"] = NpyBytes.OfTexts(others, kind, bigEndian),
        ["test_labels"] = NpyBytes.OfTexts([.. train.Take(4)], kind, bigEndian),
    };

    private string Refused(Dictionary<string, Array> arrays, Dictionary<string, byte[]> asBytes, int? uncertain = null) =>
        Assert.Throws<MedTransferException>(() => Load(arrays, asBytes, uncertain)).Message;

    private Dataset Load(Dictionary<string, byte[]> labels) => Load(DatasetFile.Binary(), labels);

    private Dataset Load(Dictionary<string, Array> arrays, Dictionary<string, byte[]> asBytes, int? uncertain = null) =>
        DatasetFile.Load(folder["a.npz"], arrays, asBytes, uncertain);

    private Dataset Load(Dictionary<string, Array> arrays) => DatasetFile.Load(folder["a.npz"], arrays);
}
