using System.Diagnostics;

namespace MedTransfer.Tests.Data.Import.Listing;

public sealed class PatientExpressionTests
{
    [Theory]
    [InlineData(@"(?<patient>p\d+)_(\d+)", "p1", "p2")]
    [InlineData(@"p(\d+)", "1", "2")]
    [InlineData(@"p\d+_\d", "p1_5", "p2_6")]
    [InlineData(@"^(\w)/", "a", "b")]
    public void A_patient_is_the_named_group_the_first_or_the_match(string expression, string first, string second)
    {
        using var folder = new ListedFolder("a/p1_5.png", "b/p2_6.png");

        Assert.Equal([first, second], folder.List(new() { Patient = expression }).Images.Select(image => image.Patient));
    }

    [Fact]
    public void Names_that_it_does_not_match_are_counted_and_the_first_named()
    {
        using var folder = new ListedFolder([.. Enumerable.Range(1, 7).Select(i => $"x{i}.png"), "p1.png"]);

        Assert.Equal(
            @"The patient expression 'p(\d+)' finds no patient in 7 files ('x1.png', 'x2.png', 'x3.png', 'x4.png', 'x5.png', ...): widen it, or take these files out",
            folder.Refusal(new() { Patient = @"p(\d+)" }));
    }

    [Fact]
    public void An_empty_match_is_no_patient()
    {
        using var folder = new ListedFolder("a.png");

        Assert.Equal("The patient expression 'p*' finds no patient in 1 file ('a.png'): widen it, or take these files out", folder.Refusal(new() { Patient = "p*" }));
    }

    [Fact]
    public void A_wrong_expression_is_a_usage_error()
    {
        using var folder = new ListedFolder("a.png");

        var error = Assert.Throws<MedTransferException>(() => folder.List(new() { Patient = "p(" }));

        Assert.True(error.IsUsage);
        Assert.Equal("The patient expression 'p(' is no regular expression (Invalid pattern 'p(' at offset 2. Not enough )'s): correct it", error.Message);
    }

    [Fact]
    public void A_runaway_expression_ends()
    {
        using var folder = new ListedFolder(new string('a', 60) + "!.png");
        var time = Stopwatch.StartNew();

        Assert.Equal(
            "The patient expression '^(a+)+$' takes too long on these names: leave nested repetitions such as (a+)+ out",
            folder.Refusal(new() { Patient = "^(a+)+$" }));
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), $"{time.Elapsed}");
    }

    [Fact]
    public void One_patient_of_all_images_is_said()
    {
        using var folder = new ListedFolder("a/p1_5.png", "b/p1_6.png");

        Assert.Contains("All images are of one patient.", folder.List(new() { Patient = @"p\d" }).Notes);
    }

    [Fact]
    public void It_goes_before_a_table_and_not_with_a_column()
    {
        using var folder = new ListedFolder("p1.png", "p2.png");
        folder.Table("file,label,patient", "p1.png,a,x", "p2.png,b,y");

        var listing = folder.List(new() { Patient = @"p\d" });

        Assert.Equal(["p1.png=0@p1", "p2.png=1@p2"], listing.Texts());
        Assert.Contains("Patients are those of the expression, not of the table.", listing.Notes);
        Assert.Equal("Patients are asked of a column and of names of files: leave out one of both.", folder.Refusal(new() { Patient = "p", PatientColumn = "patient" }));
    }

    [Fact]
    public void Name_may_begin_what_is_found_whatever_folder_it_is_in()
    {
        using var folder = new ListedFolder("a/p1_0.png", "b/p2_0.png");

        Assert.Equal(["p1", "p2"], folder.List(new() { Patient = "^(p[0-9]+)_" }).Images.Select(image => image.Patient));
        Assert.Equal(["a", "b"], folder.List(new() { Patient = "^([a-z])/" }).Images.Select(image => image.Patient));
    }
}
