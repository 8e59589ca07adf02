using MedTransfer.Data;
using MedTransfer.Data.Import.Listing;

namespace MedTransfer.Tests.Data.Import.Listing;

public sealed class FolderLayoutTests
{
    [Fact]
    public void Folders_are_classes_by_name()
    {
        using var folder = new ListedFolder("malignant/1.png", "benign/p1/deep/2.png", "benign/1.png");

        var listing = folder.List();

        Assert.Equal(LabelTask.BinaryClass, listing.Task);
        Assert.Equal(["benign", "malignant"], listing.LabelNames);
        Assert.Equal(["benign/1.png=0", "benign/p1/deep/2.png=0", "malignant/1.png=1"], listing.Texts());
        Assert.Equal(folder["malignant/1.png"], listing.Images[2].Path);
        Assert.Equal(["Folders are the classes: 'benign', 'malignant'."], listing.Notes);
        Assert.Empty(listing.LeftOut);
    }

    [Fact]
    public void Classes_that_are_numbers_are_in_their_order()
    {
        using var folder = new ListedFolder("10/a.png", "9/a.png", "-1/a.png");

        var listing = folder.List();

        Assert.Equal(LabelTask.MultiClass, listing.Task);
        Assert.Equal(["-1", "9", "10"], listing.LabelNames);
        Assert.Equal(["-1/a.png=0", "10/a.png=2", "9/a.png=1"], listing.Texts());
    }

    [Fact]
    public void A_class_that_is_no_number_puts_all_in_the_order_of_letters()
    {
        using var folder = new ListedFolder("10/a.png", "9/a.png", "other/a.png");

        Assert.Equal(["10", "9", "other"], folder.List().LabelNames);
    }

    [Fact]
    public void Images_beside_class_folders_are_left_out_and_folders_without_images_passed_over()
    {
        using var folder = new ListedFolder("a/1.png", "b/1.png", "sample.png", "docs/read.txt");

        var listing = folder.List();

        Assert.Equal(["a/1.png=0", "b/1.png=1"], listing.Texts());
        Assert.Equal(["sample.png: lies beside the class folders: put it into the folder of its class"], listing.LeftOutTexts());
        Assert.Equal(
            [
                "Folders are the classes: 'a', 'b'.",
                "1 other file was passed over: 1 .txt.",
            ],
            listing.Notes);
        Assert.Equal(["Folder 'docs' has no image and was passed over."], listing.Details);
    }

    [Fact]
    public void Split_folders_have_class_folders_in_any_case()
    {
        using var folder = new ListedFolder("Train/b/1.png", "Train/a/1.png", "VALID/a/2.png", "Testing/b/x/3.png", "Train/loose.png", "top.png");
        Directory.CreateDirectory(folder["Train/c"]);

        var listing = folder.List();

        Assert.Equal(["a", "b"], listing.LabelNames);
        Assert.Equal(["Testing/b/x/3.png=1#Test", "Train/a/1.png=0#Train", "Train/b/1.png=1#Train", "VALID/a/2.png=0#Validation"], listing.Texts());
        Assert.Equal(["Train/loose.png", "top.png"], listing.LeftOut.Select(file => file.Name));
        Assert.Equal(
            [
                "Folders are the splits: 'Testing' is test, 'Train' is train, 'VALID' is validation. Folders in them are the classes: 'a', 'b'.",
                "Folder 'Testing' has no image of class 'a'.",
                "Folder 'VALID' has no image of class 'b'.",
            ],
            listing.Notes);
        Assert.Equal(["Folder 'Train/c' has no image and was passed over."], listing.Details);
    }

    [Fact]
    public void Split_folders_without_class_folders_have_no_labels()
    {
        using var folder = new ListedFolder("train/1.png", "val/2.png", "top.png");

        var listing = folder.List();

        Assert.Null(listing.Task);
        Assert.Equal(["train/1.png#Train", "val/2.png#Validation"], listing.Texts());
        Assert.Equal(["top.png: lies beside the split folders: put it into one"], listing.LeftOutTexts());
        Assert.Equal("Folders are the splits: 'train' is train, 'val' is validation. They have no class folders: images have no labels.", listing.Notes[0]);
    }

    [Fact]
    public void Split_folders_may_say_that_they_are_sets()
    {
        using var folder = new ListedFolder("train_set/a/1.png", "train_set/b/2.png", "Test-Set/a/3.png", "Test-Set/b/4.png");

        Assert.Equal(["Test-Set/a/3.png=0#Test", "Test-Set/b/4.png=1#Test", "train_set/a/1.png=0#Train", "train_set/b/2.png=1#Train"], folder.List().Texts());
    }

    [Fact]
    public void Workbook_is_said_not_to_be_read()
    {
        using var folder = new ListedFolder("1.png", "labels.xlsx");

        Assert.Contains("A workbook lies in the folder and is not read: save its table as CSV.", folder.List().Notes);
    }

    [Fact]
    public void A_test_folder_beside_classes_is_a_class_and_said()
    {
        using var folder = new ListedFolder("control/1.png", "test/2.png");

        var listing = folder.List();

        Assert.Equal(["control", "test"], listing.LabelNames);
        Assert.Contains("Folder 'test' is a class here, as the folders beside are no splits.", listing.Notes);
    }

    [Fact]
    public void Files_alone_have_no_labels()
    {
        using var folder = new ListedFolder("b.png", "a.png");

        var listing = folder.List();

        Assert.Null(listing.Task);
        Assert.Empty(listing.LabelNames);
        Assert.Equal(["a.png", "b.png"], listing.Texts());
        Assert.Equal(["There are no class folders and no table: images have no labels."], listing.Notes);
    }

    [Fact]
    public void Images_have_no_labels_where_none_are_asked_for()
    {
        using var folder = new ListedFolder("p1/a.png", "p2/train/b.png", "c.png");

        var listing = folder.List(new() { IsUnlabelled = true });

        Assert.Null(listing.Task);
        Assert.Equal(["c.png", "p1/a.png", "p2/train/b.png"], listing.Texts());
        Assert.Equal(["Images have no labels, whatever folders they are in."], listing.Notes);
    }

    [Fact]
    public void Splits_stay_where_no_labels_are_asked_for()
    {
        using var folder = new ListedFolder("train/x/a.png", "test/y/b.png");

        Assert.Equal(["test/y/b.png#Test", "train/x/a.png#Train"], folder.List(new() { IsUnlabelled = true }).Texts());
    }

    [Theory]
    [InlineData("a/1.png", "", "has one class alone, the folder 'a': add the folder of another class, or give that folder itself if its images have no labels")]
    [InlineData("a/x/1.png", "a/y/1.png", "has one class alone, the folder 'a': give that folder itself if its own folders 'x', 'y' are the classes, else add the folder of another class")]
    [InlineData("train/x/1.png", "test/x/1.png", "its split folders have one class alone, 'x': two or more are needed; without labels, put the images into the split folders themselves")]
    [InlineData("train/x/1.png", "extra/1.png", "has the split folder 'train' beside folder 'extra': move what is no split elsewhere, or the class folders into the split folders")]
    [InlineData("val/x/1.png", "test/x/1.png", "has folders 'test', 'val' and no train folder: add one, or give the folder whose folders are classes")]
    [InlineData("train/x/1.png", "Training/y/1.png", "has folders 'Training', 'train', which both mean train: put them together")]
    [InlineData("x/train/1.png", "y/test/1.png", "has a split folder below a class folder, 'x/train': turn them round, train/CLASS and test/CLASS, or rename it if it is no split")]
    [InlineData("Benign/1.png", "benign/1.png", "classes 'Benign' and 'benign' differ in case alone: give them one name")]
    public void Folders_that_may_mean_several_things_are_refused(string one, string other, string message)
    {
        using var folder = new ListedFolder([one, .. other.Length > 0 ? [other] : Array.Empty<string>()]);

        Assert.Equal(message, folder.Refusal());
    }

    [Theory]
    [InlineData(254)]
    [InlineData(255)]
    public void Classes_are_254_at_most(int count)
    {
        using var folder = new ListedFolder([.. Enumerable.Range(0, count).Select(i => $"{i}/1.png")]);

        if (count == 254) Assert.Equal(253, folder.List().Images.Max(image => image.Labels[0]));
        else Assert.Equal("has 255 classes, 254 at most: join classes, or ask for no labels", folder.Refusal());
    }

    [Fact]
    public void A_folder_that_is_none_is_refused()
    {
        using var folder = new ListedFolder("a.png");

        Assert.Equal($"{folder["b"]}: no such folder: check its path", Assert.Throws<MedTransferException>(() => FolderListing.Of(folder["b"], new())).Message);
        Assert.Equal($"{folder["a.png"]}: is a file, a folder is needed: give the folder that it lies in", Assert.Throws<MedTransferException>(() => FolderListing.Of(folder["a.png"], new())).Message);
    }

    [Fact]
    public void A_folder_without_images_is_refused()
    {
        using var folder = new ListedFolder(".hidden.png");
        Assert.Equal("is empty: put images into it, in a folder for each class or with a table of labels", folder.Refusal());

        folder.Put("a.txt", "x/b.txt", "scan.mat");
        Assert.Equal("has no image in it (2 .txt, 1 .mat): PNG, JPEG, BMP, TIFF and DICOM are read", folder.Refusal());
    }

    [Fact]
    public void Columns_without_a_table_are_refused()
    {
        using var folder = new ListedFolder("a.png");

        Assert.Equal("there is no table that names files, which column 'grade' could be of: name the table too", folder.Refusal(new() { LabelColumns = ["grade"] }));
        Assert.Equal("Columns of labels are named, and no labels are asked for: leave out one of both.", folder.Refusal(new() { LabelColumns = ["grade"], IsUnlabelled = true }));
    }
}
