using MedTransfer.Data;
using MedTransfer.Data.Import.Listing;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Listing;

/// <summary>What a table makes of a folder.</summary>
public sealed class TableListingTests
{
    [Fact]
    public void Classes_patients_and_splits_are_read_by_the_names_of_columns()
    {
        using var folder = new ListedFolder("1.png", "sub/2.png", "3.png", "extra.png");
        folder.Table("Image_ID,Age,Diagnosis,Subject,SET", "3,61,benign,p2,Test", "1.png,58,malignant,p1,train", "sub\\2,40,benign,,VALID");

        var listing = folder.List();

        Assert.Equal(LabelTask.BinaryClass, listing.Task);
        Assert.Equal(["benign", "malignant"], listing.LabelNames);
        Assert.Equal(["1.png=1@p1#Train", "3.png=0@p2#Test", "sub/2.png=0#Validation"], listing.Texts());
        Assert.Equal(["extra.png: is not in the table: give it a row"], listing.LeftOutTexts());
        Assert.Equal(
            [
                "A table says what the images are: files are in column 'Image_ID', classes in column 'Diagnosis', patients in 'Subject', splits in 'SET'.",
                "1 image names no patient.",
            ],
            listing.Notes);
    }

    [Theory]
    [InlineData("10,9,2", "2,9,10", "2,1,0")]
    [InlineData("1.0,0.0,1", "0,1", "1,0,1")]
    [InlineData("b,a,c", "a,b,c", "1,0,2")]
    [InlineData("1.5T,3T,3T", "1.5T,3T", "0,1,1")]
    public void Classes_are_numbers_or_texts(string values, string names, string labels)
    {
        using var folder = new ListedFolder("1.png", "2.png", "3.png");
        folder.Table(["file,label", .. values.Split(',').Select((value, i) => $"{i + 1}.png,{value}")]);

        var listing = folder.List();

        Assert.Equal(names.Split(','), listing.LabelNames);
        Assert.Equal(labels.Split(',').Select((label, i) => $"{i + 1}.png={label}"), listing.Texts());
    }

    [Fact]
    public void Findings_are_all_columns_of_0_1_uncertain_and_missing_in_the_tables_order()
    {
        using var folder = new ListedFolder("1.png", "2.png", "3.png");
        folder.Table("file,View,Edema,Age,Atelectasis,Empty,Count", "1.png,PA,1.0,58,-1.0,,1", "2.png,PA,,60,0,,2", "3.png,AP,NaN,61,na,,0");

        var listing = folder.List();

        Assert.Equal(LabelTask.MultiLabel, listing.Task);
        Assert.Equal(["Edema", "Atelectasis"], listing.LabelNames);
        Assert.Equal(["1.png=1,-1", "2.png=NaN,0", "3.png=NaN,NaN"], listing.Texts());
        Assert.Equal(
            [
                "A table says what the images are: files are in column 'file', findings in columns 'Edema', 'Atelectasis'.",
                "Of 6 findings, 3 are missing and 1 uncertain (-1).",
            ],
            listing.Notes);
        Assert.Equal(["The table is 'labels.csv'.", "Columns that are no labels were passed over: 'View', 'Age', 'Empty', 'Count'."], listing.Details);
    }

    [Fact]
    public void Columns_of_which_one_is_1_in_every_row_are_classes()
    {
        using var folder = new ListedFolder("1.png", "2.png", "3.png");
        folder.Table("image,MEL,NV,BCC", "1,0.0,1.0,0.0", "2,1.0,0.0,0.0", "3,0.0,0.0,1.0");

        var listing = folder.List();

        Assert.Equal(LabelTask.MultiClass, listing.Task);
        Assert.Equal(["MEL", "NV", "BCC"], listing.LabelNames);
        Assert.Equal(["1.png=1", "2.png=0", "3.png=2"], listing.Texts());
        Assert.Equal("Exactly one of the columns 'MEL', 'NV', 'BCC' is 1 in every row: they are classes, numbered in the order of the columns.", listing.Notes[1]);
    }

    [Fact]
    public void One_column_of_0_and_1_has_two_classes_of_its_name()
    {
        using var folder = new ListedFolder("1.png", "2.png", "3.png", "4.png");
        folder.Table("file,pneumonia", "1.png,1", "2.png,0", "3.png,-1", "4.png,");

        var listing = folder.List();

        Assert.Equal(LabelTask.BinaryClass, listing.Task);
        Assert.Equal(["no pneumonia", "pneumonia"], listing.LabelNames);
        Assert.Equal(["1.png=1", "2.png=0"], listing.Texts());
        Assert.Equal(
            ["3.png: has no label in the table, or an uncertain one: fill it in", "4.png: has no label in the table, or an uncertain one: fill it in"],
            listing.LeftOutTexts());
        Assert.Equal(
            ["Column 'pneumonia' has two classes: 0 is 'no pneumonia', 1 is 'pneumonia'."],
            listing.Notes.Skip(1));
    }

    [Fact]
    public void An_empty_class_leaves_its_image_out()
    {
        using var folder = new ListedFolder("1.png", "2.png", "3.png", "4.png");
        folder.Table("file,label", "1.png,b", "2.png,", "3.png,a", "4.png,NaN", ",a");

        var listing = folder.List();

        Assert.Equal(["1.png=1", "3.png=0"], listing.Texts());
        Assert.Equal(["2.png", "4.png"], listing.LeftOut.Select(file => file.Name));
        Assert.Equal(["1 row names no file."], listing.Notes.Skip(1));
    }

    [Fact]
    public void Columns_may_be_named()
    {
        using var folder = new ListedFolder("1.png", "2.png", "3.png");
        folder.Table("file,key,label,grade,who,fold,a,b", "x,1,u,2,p,train,0,1", "y,2,v,10,q,test,1,1", "z,3,v,2,q,test,1,0");

        var options = new ListingOptions { FileColumn = "Key", LabelColumns = ["grade"], PatientColumn = "who", SplitColumn = "fold" };

        Assert.Equal(["1.png=0@p#Train", "2.png=1@q#Test", "3.png=0@q#Test"], folder.List(options).Texts());
        Assert.Equal(["2", "10"], folder.List(options).LabelNames);
        Assert.Equal(["1.png=1,0", "2.png=1,1", "3.png=0,1"], folder.List(options with { LabelColumns = ["b", "a"], PatientColumn = null, SplitColumn = null }).Texts());
        Assert.Equal(["b", "a"], folder.List(options with { LabelColumns = ["b", "a"] }).LabelNames);
    }

    [Theory]
    [InlineData("id,file,label", "1,2.png,a", "2,1.png,b", "1.png=1 2.png=0")]       // names of files go before numbers of rows
    [InlineData("file,id,label", "gone,1,a", "lost,2,b", "1.png=0 2.png=1")]
    [InlineData("label,Image Index", "a,1.png", "b,2.png", "1.png=0 2.png=1")]
    public void Files_are_in_the_column_whose_values_name_them(string header, string first, string second, string texts)
    {
        using var folder = new ListedFolder("1.png", "2.png");
        folder.Table(header, first, second);

        Assert.Equal(texts, string.Join(' ', folder.List().Texts()));
    }

    [Fact]
    public void Missing_files_may_be_left_out()
    {
        using var folder = new ListedFolder("1.png", "2.png");
        folder.Table("file,label", "1.png,a", "gone.png,c", "2.png,b");

        var listing = folder.List(new() { LeavesOutMissing = true });

        Assert.Equal(["a", "b"], listing.LabelNames);
        Assert.Equal(["gone.png: is named by the table and not in the folder: put it there"], listing.LeftOutTexts());
    }

    [Fact]
    public void A_file_twice_is_taken_once_and_said()
    {
        using var folder = new ListedFolder("1.png", "2.png");
        folder.Table("file,x,y", "1.png,1,", "2.png,0,1", "1,1,", "./1.png,1,nan");

        var listing = folder.List();

        Assert.Equal(["1.png=1,NaN", "2.png=0,1"], listing.Texts());
        Assert.Contains("2 rows repeat a file with the same label.", listing.Notes);
    }

    [Fact]
    public void Columns_of_patients_go_by_many_names_and_what_is_missing_is_nobody()
    {
        using var folder = new ListedFolder("1.png", "2.png", "3.png");
        folder.Table("file,label,MRN,Partition", "1.png,a,NA,train", "2.png,b,,test_set", "3.png,a,77,Validation");

        var listing = folder.List();

        Assert.Equal([null, null, "77"], listing.Images.Select(image => image.Patient));
        Assert.Equal([MedTransfer.Data.SplitName.Train, MedTransfer.Data.SplitName.Test, MedTransfer.Data.SplitName.Validation], listing.Images.Select(image => image.Split!.Value));
    }

    [Fact]
    public void Column_of_patients_may_name_the_files()
    {
        using var folder = new ListedFolder("id0.dcm", "id1.dcm");
        folder.Table("patientId,x,y,Target", "id0,1.5,2,1", "id1,,,0");

        Assert.Equal(["id0.dcm=1@id0", "id1.dcm=0@id1"], folder.List().Texts());
    }

    [Fact]
    public void Line_that_names_the_delimiter_is_no_header()
    {
        using var folder = new ListedFolder("1.png", "2.png");
        folder.Table("sep=;", "file;label", "1.png;a", "2.png;b");

        Assert.Equal(["1.png=0", "2.png=1"], folder.List().Texts());
    }

    [Fact]
    public void An_accent_is_one_letter_or_two_characters_alike()
    {
        if ("e\u0301".Normalize() != "\u00e9")
            Assert.Skip("This system knows no Unicode normalisation.");
        using var folder = new ListedFolder("re\u0301sume\u0301.png", "b.png");
        folder.Table("file,label", "r\u00e9sum\u00e9.png,x", "b.png,y");

        Assert.Equal(["b.png=1", "re\u0301sume\u0301.png=0"], folder.List().Texts());
    }

    [Fact]
    public void A_file_of_another_folder_is_said()
    {
        using var folder = new ListedFolder("images/1.png", "images/2.png");
        folder.Table("file,label", "/home/me/1.png,a", "set/2.png,b");

        var listing = folder.List();

        Assert.Equal(["images/1.png=0", "images/2.png=1"], listing.Texts());
        Assert.Contains("2 files were found by base name alone, in another folder than the table says.", listing.Notes);
    }

    [Fact]
    public void A_table_decides_that_a_file_is_an_image()
    {
        using var folder = new ListedFolder("1.ima", "2.ima", "3.txt");
        folder.Table("file,label", "1.ima,a", "2,b");

        var listing = folder.List();

        Assert.Equal(["1.ima=0", "2.ima=1"], listing.Texts());
        Assert.Equal("1 other file was passed over: 1 .txt.", listing.Notes[^1]);
    }

    [Fact]
    public void A_table_may_lie_elsewhere_or_be_named_by_its_file()
    {
        using var folder = new ListedFolder("a/1.png", "b/2.png");
        using var other = new TemporaryFolder();
        File.WriteAllText(other["t.txt"], "file\tlabel\n1.png\tx\n2.png\ty\n");
        File.WriteAllText(folder["own.csv"], "file,label\n1.png,y\n2.png,x\n");

        Assert.Equal(["a/1.png=0", "b/2.png=1"], folder.List(new() { Table = other["t.txt"] }).Texts());
        Assert.Equal(["a/1.png=1", "b/2.png=0"], folder.List(new() { Table = "own.csv" }).Texts());
        Assert.Equal("gone.csv: no such file", folder.Refusal(new() { Table = "gone.csv" }));
    }

    [Fact]
    public void A_table_without_labels_says_patients_and_splits_where_no_labels_are_wanted()
    {
        using var folder = new ListedFolder("1.png", "2.png");
        folder.Table("file,patient", "1.png,p", "2.png,q");

        Assert.Equal(["1.png@p", "2.png@q"], folder.List().Texts());
        Assert.Null(folder.List().Task);

        folder.Table("file,patient,label", "1.png,p,a", "2.png,q,a");
        Assert.Equal(["1.png@p", "2.png@q"], folder.List(new() { IsUnlabelled = true }).Texts());
    }

    [Fact]
    public void A_table_that_names_no_files_or_no_labels_leaves_classes_to_the_folders()
    {
        using var folder = new ListedFolder("a/1.png", "b/2.png");
        folder.Table("file,age", "1.png,58", "2.png,60");
        File.WriteAllText(folder["stats.csv"], "class,mean\na,5\nb,6\n");
        File.WriteAllText(folder["torn.csv"], "x,y\n1\n");

        var listing = folder.List();

        Assert.Equal(["a/1.png=0", "b/2.png=1"], listing.Texts());
        Assert.Equal(
            [
                "The table 'stats.csv' names no files that are there and was passed over.",
                "The table 'torn.csv' was passed over: row 2 has 1 field, the header 2: correct the row, or put texts with delimiters into quotes.",
                "The table 'labels.csv' has no column of labels and was passed over.",
            ],
            listing.Details);
        Assert.Equal(["Folders are the classes: 'a', 'b'.", "3 other files were passed over: 3 .csv."], listing.Notes);
    }

    [Fact]
    public void A_lone_table_without_labels_leaves_classes_to_the_folders()
    {
        using var folder = new ListedFolder("a/1.png", "b/2.png");
        folder.Table("file,age", "1.png,58", "2.png,60");

        Assert.Equal(["a/1.png=0", "b/2.png=1"], folder.List().Texts());
    }

    [Fact]
    public void A_table_goes_before_folders()
    {
        using var folder = new ListedFolder("train/a/1.png", "test/b/2.png", "test/a/3.png");
        folder.Table("file,label", "1.png,x", "2.png,y", "3.png,y");

        Assert.Equal(["test/a/3.png=1", "test/b/2.png=1", "train/a/1.png=0"], folder.List().Texts());
    }
}
