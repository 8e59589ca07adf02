using FsCheck;
using FsCheck.Xunit;
using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Runtime.Native;
using TorchSharp;

namespace MedTransfer.Tests.Data.Resampling;

public sealed class FoldsTests
{
    private static readonly ResamplingOptions Every = new();

    public FoldsTests() => NativeTorch.Load();

    [Property(MaxTest = 100, Replay = "20190116,11")]
    public void KFold_holds_every_image_out_once_a_repeat(NonEmptyArray<byte> values, byte k, bool grouped, bool oneClass, long seed)
    {
        var set = new Patients(values.Get, classes: oneClass ? 1 : 3);
        var options = Every with { Folds = 2 + k % 3, Repeats = 2, Grouped = grouped, Seed = seed };

        var folds = set.Cut(options);

        Assert.Equal(2 * options.Folds, folds.Count);
        foreach (var repeat in folds.Chunk(options.Folds))
            Assert.Equal(set.Images, repeat.SelectMany(fold => fold.HeldOut).Order());
        Assert.All(folds, fold => Assert.Equal(set.Images, fold.Train.Concat(fold.HeldOut).Order()));
    }

    [Property(MaxTest = 100, Replay = "20190116,13")]
    public void KFold_of_images_has_sizes_and_classes_that_differ_by_one_at_most(NonEmptyArray<byte> values, byte k, long seed)
    {
        var set = new Patients(values.Get);

        var heldOut = set.Cut(Every with { Folds = 2 + k % 3, Grouped = false, Seed = seed }).Select(fold => fold.HeldOut).ToList();

        Assert.InRange(Spread(heldOut.Select(part => part.Count)), 0, 1);
        Assert.All([0, 1, 2], stratum => Assert.InRange(Spread(heldOut.Select(part => part.Count(image => set.Classes[image] == stratum))), 0, 1));
    }

    [Property(MaxTest = 100, Replay = "20190116,17")]
    public void Patient_is_on_one_side_alone(NonEmptyArray<byte> values, byte scheme, bool stratified, long seed)
    {
        var set = new Patients(values.Get);

        var folds = set.Cut(Every with { Scheme = (ResamplingScheme)(scheme % 4), Folds = 3, HeldOut = 0.3, Stratified = stratified, Seed = seed }, andMissing: true);

        Assert.All(folds, fold => Assert.Empty(fold.Train.Select(image => set.Groups[image]).Intersect(fold.HeldOut.Select(image => set.Groups[image]))));
    }

    [Property(MaxTest = 100, Replay = "20190116,19")]
    public void Parts_ascend_and_training_parts_have_every_class(NonEmptyArray<byte> values, byte scheme, bool grouped, long seed)
    {
        var set = new Patients(values.Get);

        var folds = set.Cut(Every with { Scheme = (ResamplingScheme)(scheme % 4), Folds = 3, HeldOut = 0.3, Grouped = grouped, Seed = seed }, andMissing: true);

        Assert.All(folds, fold => Assert.Equal(fold.Train.Order(), fold.Train));
        Assert.All(folds, fold => Assert.Equal(fold.HeldOut.Distinct().Order(), fold.HeldOut));
        Assert.All(folds, fold => Assert.Equal([0, 1, 2], fold.Train.Select(image => set.Classes[image]).Distinct().Order()));
    }

    [Property(MaxTest = 100, Replay = "20190116,23")]
    public void Bootstrap_draws_as_many_of_each_class_and_holds_out_the_rest(NonEmptyArray<byte> values, long seed)
    {
        var set = new Patients(values.Get);

        foreach (var fold in set.Cut(Every with { Scheme = ResamplingScheme.Bootstrap, Grouped = false, Seed = seed }))
        {
            Assert.Equal(set.Classes.Order(), fold.Train.Select(image => set.Classes[image]).Order());
            Assert.Equal(set.Images.Except(fold.Train), fold.HeldOut);
        }
    }

    [Fact]
    public void Folds_of_a_split_keep_its_patients_apart()
    {
        // two images of each of 20 patients, of both classes
        var groups = Enumerable.Range(0, 40).Select(image => (long)(image / 2)).ToArray();
        using var split = new Split(torch.zeros([40, 1, 4, 4], torch.ScalarType.Byte), Column(Enumerable.Range(0, 40).Select(image => image / 2 % 2)), groups);

        var apart = new Folds(split, Every);
        var torn = new Folds(split, Every with { Grouped = false });

        Assert.All(apart, fold => Assert.Empty(fold.Train.Select(image => groups[image]).Intersect(fold.HeldOut.Select(image => groups[image]))));
        Assert.Contains(torn, fold => fold.Train.Select(image => groups[image]).Intersect(fold.HeldOut.Select(image => groups[image])).Any());
    }

    [Fact]
    public void Patient_of_two_classes_counts_as_the_rarer()
    {
        // class 0 has 7 images, class 1 has 4, class 2 has 4
        int[] classes = [0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2];
        long[] patients = [5, 5, 5, 5, 6, 6, 6, 6, 7, 8, 8, 8, 9, 9, 9];

        var units = Units.Of(classes, patients);

        Assert.Equal([[0, 1, 2, 3], [4, 5, 6, 7], [8], [9, 10, 11], [12, 13, 14]], units.Select(unit => unit.Images));
        Assert.Equal([1, 0, 1, 1, 2], units.Select(unit => unit.Stratum));   // of patient 8's equally rare classes, the lower
        Assert.Equal([(0, 3), (1, 1)], units[0].Strata);
    }

    [Theory]
    [InlineData("There is one image of class 'cyst', and fold ", false)]
    [InlineData("Patient 4 has every image of class 'cyst' (2), and fold ", true)]
    public void Fold_without_a_class_names_the_class_and_who_has_it(string said, bool byPatient)
    {
        using var split = byPatient
            ? new Split(torch.zeros([8, 1, 4, 4], torch.ScalarType.Byte), Column([0, 1, 0, 1, 0, 1, 2, 2]), [0, 0, 1, 1, 2, 2, 4, 4])
            : new Split(torch.zeros([7, 1, 4, 4], torch.ScalarType.Byte), Column([0, 1, 0, 1, 0, 1, 2]), null);
        var options = Every with { Folds = 2 };

        var message = Assert.Throws<MedTransferException>(() => new Folds(split, options, ["ill", "well", "cyst"]).ToList()).Message;

        Assert.StartsWith(said, message, StringComparison.Ordinal);
        Assert.Contains("none is left to learn from: take more", message, StringComparison.Ordinal);
        Assert.Contains("of that class, or leave that class out", message, StringComparison.Ordinal);
        Assert.Equal(message, Folds.Obstacle(split, options, ["ill", "well", "cyst"]));
        Assert.Null(Folds.Obstacle(split, options with { Grouped = false, Scheme = ResamplingScheme.Bootstrap, Folds = 1 }));
    }

    [Fact]
    public void A_fold_that_keeps_every_class_leaves_its_only_patient_in_training()
    {
        // patient 4 has all of class 2, and an image of class 0
        long[] patients = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4];
        var folds = new Folds(Column([0, 1, 0, 1, 0, 1, 0, 1, 2, 2, 0]), patients, Every);

        var kept = Enumerable.Range(0, 5).Select(folds.WithEveryClass).ToList();

        Assert.Single(kept, fold => fold.HeldOut.Count == 0);
        Assert.All(kept, fold => Assert.Equal(Enumerable.Range(0, 11), fold.Train.Concat(fold.HeldOut).Order()));
        Assert.All(kept, fold => Assert.Subset(fold.Train.ToHashSet(), new HashSet<int> { 8, 9, 10 }));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], kept.SelectMany(fold => fold.HeldOut).Order());
        Assert.All(kept, fold => Assert.Empty(fold.Train.Select(image => patients[image]).Intersect(fold.HeldOut.Select(image => patients[image]))));
    }

    [Fact]
    public void One_patient_and_fewer_patients_than_folds_are_said()
    {
        Assert.Contains("All 3 images are of one patient, 7, and can't be cut in two", Assert.Throws<MedTransferException>(() => new Folds(Column([0, 1, 0]), [7, 7, 7], Every)).Message, StringComparison.Ordinal);
        Assert.Contains("There are 2 patients, too few for 5 folds: take more, or ask for 2 to 2 folds", Assert.Throws<MedTransferException>(() => new Folds(Column([0, 1, 0]), [7, 7, 8], Every)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_are_all_the_same_are_said_to_be_that()
    {
        var image = torch.arange(16, torch.ScalarType.Byte).reshape(1, 1, 4, 4);
        using var split = new Split(image.repeat(4, 1, 1, 1), Column([0, 1, 0, 1]), null);
        Assert.Equal("All 4 images are the same, pixel by pixel, and can't be cut in two: look at how they were saved.", Folds.Obstacle(split, Every));
    }

    [Fact]
    public void Of_two_classes_none_can_be_left_out()
    {
        using var split = new Split(torch.zeros([5, 1, 4, 4], torch.ScalarType.Byte), Column([0, 0, 0, 0, 1]), null);
        Assert.EndsWith("so that none is left to learn from: take more images of that class.", Folds.Obstacle(split, Every with { Folds = 2 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Bootstrap_holds_out_37_percent()
    {
        // (1 - 1/n)^n tends to 1/e; of 20 draws from 1,000 images the mean has standard deviation .0022: five of those either way
        var folds = new Folds(Column(Enumerable.Repeat(0, 1000)), null, Every with { Scheme = ResamplingScheme.Bootstrap, Folds = 20 });

        Assert.InRange(folds.Average(fold => fold.HeldOut.Count / 1000.0), Math.Exp(-1) - 0.011, Math.Exp(-1) + 0.011);
    }

    [Fact]
    public void Leave_one_out_leaves_each_image_or_each_patient_out()
    {
        var one = Every with { Scheme = ResamplingScheme.LeaveOneOut };
        var labels = Column([0, 1, 0, 1, 0]);

        Assert.Equal(["0", "1", "2", "3", "4"], new Folds(labels, null, one).Select(fold => string.Join(' ', fold.HeldOut)));
        Assert.Equal(["0 3", "1", "2 4"], new Folds(labels, [7, 3, 9, 7, 9], one).Select(fold => string.Join(' ', fold.HeldOut)));
    }

    [Fact]
    public void Monte_carlo_holds_out_its_share_of_each_class_anew_each_time()
    {
        var folds = new Folds(Column(Enumerable.Range(0, 40).Select(image => image % 4 == 0 ? 1 : 0)), null, Every with { Scheme = ResamplingScheme.MonteCarlo, HeldOut = 0.2 });

        Assert.Equal(5, folds.Count);
        Assert.All(folds, fold => Assert.Equal((6, 2), (fold.HeldOut.Count(image => image % 4 != 0), fold.HeldOut.Count(image => image % 4 == 0))));
        Assert.All(folds, fold => Assert.Equal(Enumerable.Range(0, 40), fold.Train.Concat(fold.HeldOut).Order()));
        Assert.Equal(5, folds.Select(fold => string.Join(' ', fold.HeldOut)).Distinct().Count());
    }

    // Patients by size: 5 images (of class 0), 4 (of class 1), 3 (two of 0), 2 (one of each), 1 (of 0), 1 (of 1); 9 of class 0, 7 of class 1.
    // Dealt by hand to parts a and b. 1: a. 2: no class 1 anywhere, b is the smaller. 3: 5 x 2 / 81 in a, 4 x 1 / 49 in b: b.
    // 4: 5 / 81 in a, 2 / 81 + 5 / 49 in b: a. 6 (class 0): 6 / 81 in a, 2 / 81 in b: b. 5 (class 1): 1 / 49 in a, 5 / 49 in b: a.
    [Fact]
    public void Patients_are_dealt_largest_first_to_where_their_classes_are_fewest()
    {
        int[] classes = [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0];
        long[] patients = [1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6];

        var folds = new Folds(Column(classes), patients, Every with { Folds = 2 });

        Assert.Equal([1, 4, 5], folds[0].HeldOut.Select(image => patients[image]).Distinct());
        Assert.Equal([2, 3, 6], folds[1].HeldOut.Select(image => patients[image]).Distinct());
    }

    [Fact]
    public void Findings_are_stratified_by_having_any()
    {
        // 4 of 20 images have none of three findings
        var labels = new byte[20, 3];
        for (var image = 4; image < 20; image++) labels[image, image % 3] = 1;

        var folds = new Folds(Labels.Of(labels), null, Every with { Folds = 4 });

        Assert.All(folds, fold => Assert.Equal((1, 5), (fold.HeldOut.Count(image => image < 4), fold.HeldOut.Count)));
    }

    // The draws of SplitMix64, the shuffle and the deal written again in Python 3.11 from their descriptions.
    [Fact]
    public void Same_seed_gives_the_same_parts_for_ever()
    {
        var folds = new Folds(Column(Enumerable.Range(0, 10).Select(image => image % 2)), null, Every with { Folds = 3, Repeats = 2, Seed = 42 });

        Assert.Equal(["0 5 8 9", "3 4 6", "1 2 7", "3 6 8 9", "0 4 5", "1 2 7"], folds.Select(fold => string.Join(' ', fold.HeldOut)));
    }

    [Fact]
    public void Other_seeds_and_repeats_give_other_parts()
    {
        var labels = Column(Enumerable.Range(0, 40).Select(image => image % 2));

        var parts = Enumerable.Range(0, 20).SelectMany(seed => new Folds(labels, null, Every with { Seed = seed, Repeats = 2 })).Select(fold => string.Join(' ', fold.HeldOut));

        Assert.Equal(20 * 2 * 5, parts.Distinct().Count());
    }

    [Fact]
    public void Images_of_patients_are_cut_one_by_one_where_asked_for()
    {
        var folds = new Folds(Column([0, 1, 0, 1]), [1, 1, 1, 1], Every with { Folds = 2, Grouped = false });

        Assert.All(folds, fold => Assert.Equal(2, fold.HeldOut.Count));
    }

    public static TheoryData<string, string, ResamplingOptions> Refused => new()
    {
        { "There are 6 patients, too few for 7 folds: take more, or ask for 2 to 6", "", Every with { Folds = 7 } },
        { "There are 12 images, too few for 13 folds", "", Every with { Folds = 13, Grouped = false } },
        { "There is no fold 5 of 5", "5", Every },
        { "There is no fold -1 of 5", "-1", Every },
        { "There is one image of class 2, and fold", "all", Every with { Grouped = false } },
        { "There is one image of class 2, and fold 11 holds it out", "all", Every with { Scheme = ResamplingScheme.LeaveOneOut, Grouped = false } },
        { "Patient 6 has every image of class 2 (1), and fold", "all", Every },
        { "A share of 0.1 of 12 images is 1, but 3 to 11 have to be held out", "", Every with { Scheme = ResamplingScheme.MonteCarlo, HeldOut = 0.1, Grouped = false } },
        { "A share of 0.98 of 12 images is 12", "", Every with { Scheme = ResamplingScheme.MonteCarlo, HeldOut = 0.98, Grouped = false } },
        { "number of folds is 1, but must be at least 2", "", Every with { Folds = 1 } },
        { "number of folds is 0, but must be at least 1", "", Every with { Folds = 0, Scheme = ResamplingScheme.Bootstrap } },
        { "number of repeats is 0", "", Every with { Repeats = 0 } },
        { "Bootstrap has no repeats", "", Every with { Repeats = 2, Scheme = ResamplingScheme.Bootstrap } },
        { "held-out share is 1", "", Every with { HeldOut = 1 } },
        { "held-out share is NaN", "", Every with { HeldOut = double.NaN } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void More_than_there_is_is_a_usage_error_that_says_how_many_there_are(string said, string fold, ResamplingOptions options)
    {
        // 12 images of 6 patients; class 2 has one image
        var labels = Column([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]);

        var error = Assert.Throws<MedTransferException>(() =>
        {
            var folds = new Folds(labels, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6], options);
            if (fold == "all") Assert.NotEmpty(folds.ToList());
            else if (fold.Length > 0) Assert.NotNull(folds[int.Parse(fold, System.Globalization.CultureInfo.InvariantCulture)]);
        });

        Assert.True(error.IsUsage);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static Labels Column(IEnumerable<int> classes)
    {
        var values = classes.ToArray();
        var labels = new byte[values.Length, 1];
        for (var row = 0; row < values.Length; row++) labels[row, 0] = (byte)values[row];
        return Labels.Of(labels);
    }

    private static int Spread(IEnumerable<int> values) => values.Max() - values.Min();

    /// <summary>Images of some classes and of patients with several images, four patients at least for each class.</summary>
    private sealed class Patients
    {
        public Patients(byte[] values, int classes = 3)
        {
            Classes = [.. Enumerable.Range(0, 12).Select(image => image % classes), .. values.Select(value => value % classes)];
            Groups = [.. Enumerable.Range(0, 12).Select(image => (long)image), .. values.Select(value => (long)(value / 3 % 16))];
        }

        public int[] Classes { get; }

        public long[] Groups { get; }

        public IEnumerable<int> Images => Enumerable.Range(0, Classes.Length);

        /// <param name="andMissing">Leaves out folds that are refused because chance left a class or a part empty.</param>
        public List<Fold> Cut(ResamplingOptions options, bool andMissing = false)
        {
            var folds = new Folds(Column(Classes), Groups, options);
            return !andMissing ? [.. folds] : [.. Enumerable.Range(0, folds.Count).SelectMany(index => Made(folds, index))];
        }

        private static Fold[] Made(Folds folds, int index)
        {
            try
            {
                return [folds[index]];
            }
            catch (MedTransferException e) when (e.Message.Contains("none ", StringComparison.Ordinal))
            {
                return [];
            }
        }
    }
}
