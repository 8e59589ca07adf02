using MedTransfer.Data.Import.Listing;

namespace MedTransfer.Tests.Data.Import.Listing;

/// <summary>Tables that contradict themselves or their folder.</summary>
public sealed class TableRefusalTests
{
    private static readonly ListingOptions _default = new();

    public static TheoryData<string, string> Contradictions => new()
    {
        { "file,label\n1.png,a\nb.png,b\nc.png,b\n", "2 files ('b.png', 'c.png') of column 'file' are not in the folder: put them there, correct the names, or leave out what is missing" },
        { "file,label\n" + string.Concat(Enumerable.Range(5, 1200).Select(i => $"{i}.png,a\n")), "1,200 files ('5.png', '6.png', '7.png', '8.png', '9.png', ...) of column 'file' are not in the folder: put them there, correct the names, or leave out what is missing" },
        { "file,label\n1.png,0\n2.png,1\nx/3.png,benign\n", "column 'label' has a number, '0' in row 2, and a text, 'benign' in row 4: give each image a class of one kind" },
        { "file,label\n1.png,0.5\n2.png,1\n", "column 'label' has '0.5' in row 2: classes are texts or whole numbers: name another column, or cut it into classes" },
        { "file,label\n1.png,a\n2.png,a\n", "column 'label' has one class alone, 'a': two or more are needed, or no labels at all" },
        { "file,label\n1.png,\n2.png,\n", "column 'label' has no class: two or more are needed, or no labels at all" },
        { "file,edema\n1.png,1\n2.png,1\n", "column 'edema' has one class alone, 1: two are needed, or no labels at all" },
        { "file,label\n1.png,a\n2.png,A\n", "column 'label': classes 'A' and 'a' differ in case alone: give them one name" },
        { "file,label\n1.png,a\n2.png,b\n1.png,b\n", "rows 2 and 4 give '1.png' different labels: leave one of them out" },
        { "file,label\n1.png,a\n2.png,b\n1.png,\n", "rows 2 and 4 give '1.png' different labels: leave one of them out" },
        { "file,label,split\n1.png,a,train\n2.png,b,test\n1,a,test\n", "rows 2 and 4 give '1.png' different splits: leave one of them out" },
        { "file,label,patient\n1.png,a,p\n2.png,b,q\n1,a,q\n", "rows 2 and 4 give '1.png' different patients: leave one of them out" },
        { "file,label\nq/1.png,a\n2.png,b\nr/1.png,a\n", "rows 2 and 4 name 'q/1.png' and 'r/1.png', which can only be the one file '1.png': write paths as they are below the folder" },
        { "file,label\n1.png,a\n3.png,b\n", "'3.png' in row 3 may be 'x/3.png' or 'y/3.png': write its path below the folder, with its extension" },
        { "file,label,split\n1.png,a,train\n2.png,b,3\n", "column 'split' has '3' in row 3, which is no split: write train, validation or test, or rename the column" },
        { "file,label,split\n1.png,a,train\n2.png,b,\n", "row 3 has no split in column 'split': write train, validation or test" },
        { "1.png,a\n2.png,b\n", "has no header: give it a first row such as file,label" },
        { "1,0\n2,1\n", "has no header: give it a first row such as file,label" },
        { "1.png,a\n", "has a header and no row: give it a row an image" },
        { "one,two\nu,a\nv,b\n", "no column names files that are there: name a column file, or say which it is of 'one', 'two'" },
        { "file,dx,age\n1.png,a,5\n2.png,b,6\n", "no column has labels: name a column label, or say which it is of 'dx', 'age'" },
        { "file,label\n" + string.Concat(Enumerable.Range(0, 255).Select(i => $"1.png,a|{i}\n")), "column 'label': has 255 classes, 254 at most: make a column of 0 and 1 of each of the texts between the bars" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_contradiction_is_named_by_its_rows(string table, string message)
    {
        using var folder = new ListedFolder("1.png", "2.png", "x/3.png", "y/3.png");
        folder.Table(table);

        Assert.Equal(message, folder.Refusal(_default with { Table = "labels.csv" }));
    }

    [Theory]
    [InlineData("file,label\ngone.png,a\nlost.png,b\n", "2 files ('gone.png', 'lost.png') of column 'file' are not in the folder: put them there, correct the names, or leave out what is missing")]
    [InlineData("file,dx\n1.png,a\n2.png,b\n", "no column has labels: name a column label, or say which it is of 'dx'")]
    [InlineData("1.png,a\n2.png,b\n", "has no header: give it a first row such as file,label")]
    [InlineData("", "is empty: give it a header, such as file,label, and a row an image")]
    public void A_lone_table_beside_images_is_meant(string table, string message)
    {
        using var folder = new ListedFolder("1.png", "2.png");
        File.WriteAllText(folder["labels.csv"], table);

        Assert.Equal(message, folder.Refusal());
    }

    [Fact]
    public void Two_tables_of_files_are_refused()
    {
        using var folder = new ListedFolder("1.png", "2.png");
        foreach (var name in new[] { "labels.csv", "more.tsv" }) File.WriteAllText(folder[name], "file\tlabel\n1.png\ta\n2.png\tb\n");

        Assert.Equal("has 2 tables that name files, 'labels.csv', 'more.tsv': say which one it is, or put them together", folder.Refusal());
    }

    [Fact]
    public void None_of_the_files_being_there_is_refused_where_missing_ones_are_left_out()
    {
        using var folder = new ListedFolder("1.png");
        folder.Table("file,label", "a.png,x", "b.png,y");

        Assert.Equal("names no file that is there: correct the names, or give the folder that has them", folder.Refusal(new() { LeavesOutMissing = true }));
    }

    [Fact]
    public void A_column_that_is_not_there_is_a_usage_error_that_lists_those_that_are()
    {
        using var folder = new ListedFolder("1.png", "2.png");
        folder.Table("file,label,age", "1.png,a,5", "2.png,b,6");

        foreach (var options in new[] { _default with { FileColumn = "x" }, _default with { LabelColumns = ["x"] }, _default with { PatientColumn = "x" }, _default with { SplitColumn = "x" } })
        {
            Assert.Equal("has no column 'x': name one of 'file', 'label', 'age'", folder.Refusal(options));
            Assert.True(Assert.Throws<MedTransferException>(() => folder.List(options)).IsUsage);
        }
    }

    [Fact]
    public void A_finding_that_is_none_is_refused()
    {
        using var folder = new ListedFolder("1.png", "2.png");
        folder.Table("file,x,y", "1.png,1,0", "2.png,0,2");

        Assert.Equal(
            "column 'y' has '2' in row 3: findings are 0, 1, -1 (uncertain) or empty (missing); name this column alone for classes",
            folder.Refusal(new() { LabelColumns = ["x", "y"] }));
    }
}
