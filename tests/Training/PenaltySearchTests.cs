using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Tasks;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Numerics;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class PenaltySearchTests
{
    private const int Count = 40;

    private static readonly double[] Tried = [0.001, 0.01, 0.1, 1];

    // which fold holds each image out, by number of classes, as the oracle was told
    private static readonly Dictionary<int, int[]> Parts = new()
    {
        [2] = [3, 4, 1, 4, 2, 3, 3, 3, 1, 0, 4, 1, 1, 2, 3, 0, 0, 0, 1, 4, 0, 0, 3, 4, 2, 0, 4, 3, 3, 2, 2, 2, 2, 4, 1, 2, 1, 4, 0, 1],
        [3] = [1, 2, 4, 1, 3, 2, 4, 0, 2, 2, 3, 2, 2, 3, 3, 3, 1, 0, 0, 0, 4, 1, 0, 4, 1, 0, 0, 4, 3, 4, 1, 1, 3, 4, 2, 3, 4, 0, 1, 2],
    };

    // scikit-learn 1.2.1, X and y as Columns and Classes, f the Parts, w = N / (K bincount(y[f != k])) of the held-out classes where balanced, else 1:
    //   S = StandardScaler().fit_transform(X)
    //   m = LogisticRegression(C=C, class_weight=None or "balanced", multi_class="multinomial", tol=1e-10, max_iter=10000).fit(S[f != k], y[f != k])
    //   log_loss(y[f == k], m.predict_proba(S[f == k]), sample_weight=w, labels=range(K)), mean over k; deviation (ddof=1) over sqrt(5)
    [Theory]
    [InlineData(2, 5, ClassBalance.None, new[] { 0.5563176, 0.5105402, 0.3508662, 0.288207 }, 0.0631306, 0.1)]
    [InlineData(3, 5, ClassBalance.None, new[] { 0.8112024, 0.7811215, 0.6472359, 0.532072 }, 0.0786443, 1)]
    [InlineData(3, 60, ClassBalance.None, new[] { 0.8112656, 0.7916761, 0.8211386, 1.0504294 }, 0.0504962, 0.001)]
    [InlineData(2, 60, ClassBalance.Loss, new[] { 0.6794674, 0.6252968, 0.6308023, 0.811093 }, 0.0183992, 0.01)]
    [InlineData(3, 5, ClassBalance.Loss, new[] { 1.0844367, 0.9852593, 0.717995, 0.6099559 }, 0.1246389, 0.1)]
    public void Held_out_losses_are_those_of_scikit_learn(int classes, int width, ClassBalance balance, double[] losses, double errorOfLowest, double chosen)
    {
        Assert.All(new Folds(Classes(classes), null, new()).Index(), fold => Assert.All(fold.Item.HeldOut, image => Assert.Equal(fold.Index, Parts[classes][image])));

        var choice = Choose(Columns(width), Classes(classes), classes, balance: balance)!;

        Assert.Equal((chosen, 5), (choice.InversePenalty, choice.Folds));
        Assert.Equal(Tried, choice.Tried.Select(one => one.InversePenalty));
        Assert.All(choice.Tried.Zip(losses), pair => Assert.Equal(pair.Second, pair.First.HeldOutLoss!.Value, 5e-5));
        Assert.Equal(errorOfLowest, choice.Tried.MinBy(one => one.HeldOutLoss)!.StandardError!.Value, 5e-5);
        Assert.Equal((chosen == Tried[0], chosen == Tried[^1]), (choice.IsStrongest, choice.IsWeakest));
    }

    // the mean over what is known and held out of the losses of heads that are solved one by one, where the training part knows both kinds
    [Theory]
    [InlineData(ClassBalance.None)]
    [InlineData(ClassBalance.Loss)]
    public void Findings_count_where_they_are_known(ClassBalance balance)
    {
        var (columns, findings) = (Columns(5), new byte[Count, 3]);
        for (var image = 0; image < Count; image++)
        {
            findings[image, 0] = (byte)(Column(image, 0) > 40 ? 1 : 0);
            findings[image, 1] = image % 3 == 0 ? Labels.Missing : (byte)(Column(image, 1) + Column(image, 7) > 120 ? 1 : 0);
        }

        findings[7, 2] = 1;   // the fold that holds it out has none to learn from
        var labels = Labels.Of(findings);

        var choice = Choose(columns, labels, 3, LabelTask.MultiLabel, balance)!;

        foreach (var tried in choice.Tried)
        {
            var expected = new Folds(labels, null, new()).Average(fold => HeldOutLoss(columns, labels, fold, tried.InversePenalty, balance));
            Assert.Equal(expected, tried.HeldOutLoss!.Value, 3e-5);
        }
    }

    [Fact]
    public void Labels_that_are_noise_choose_the_strongest_penalty_and_a_clean_cut_a_weak_one()
    {
        manual_seed(5);
        // each row twice, with either label
        var columns = Standardised(randn(60, 4, dtype: ScalarType.Float64).repeat_interleave(2, 0));
        var (noise, cut) = (new byte[120, 1], new byte[120, 1]);
        for (var image = 0; image < 120; image++)
            (noise[image, 0], cut[image, 0]) = ((byte)(image % 2), (byte)(columns[image, 0].item<double>() > 0 ? 1 : 0));

        var (ofNoise, ofCut) = (Choose(columns, Labels.Of(noise), 2, choice: new())!, Choose(columns, Labels.Of(cut), 2, choice: new())!);

        Assert.True(ofNoise.IsStrongest, $"{ofNoise.InversePenalty}");
        Assert.Equal((1e-4, false), (ofNoise.InversePenalty, ofNoise.IsWeakest));
        Assert.True(ofCut.IsWeakest, $"{ofCut.InversePenalty}");
        Assert.Equal((10, false), (ofCut.InversePenalty, ofCut.IsStrongest));
    }

    [Fact]
    public void Strongest_penalty_within_a_standard_error_of_the_lowest_loss_is_taken()
    {
        double[] fine = [.. Enumerable.Range(0, 80).Select(step => 0.005 * Math.Pow(1.03, step))];

        var choice = Choose(Columns(60), Classes(3), 3, choice: new() { InversePenalties = fine })!;

        var lowest = choice.Tried.MinBy(tried => tried.HeldOutLoss)!;
        Assert.True(choice.InversePenalty < lowest.InversePenalty, $"{choice.InversePenalty}, {lowest.InversePenalty}");
        Assert.Equal(choice.InversePenalty, choice.Tried.First(tried => tried.HeldOutLoss <= lowest.HeldOutLoss + lowest.StandardError).InversePenalty);
    }

    // 60 columns of 40 images: the loss has its minimum at .002 and rises from there
    [Fact]
    public void What_is_weaker_is_not_tried_once_two_in_a_row_lose_clearly()
    {
        double[] many = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

        var choice = Choose(Columns(60), Classes(3), 3, choice: new() { InversePenalties = many })!;

        var lowest = choice.Tried.MinBy(tried => tried.HeldOutLoss)!;
        var clear = lowest.HeldOutLoss + lowest.StandardError;
        Assert.InRange(choice.Tried.Count, 5, 8);
        Assert.Equal(many.Take(choice.Tried.Count), choice.Tried.Select(tried => tried.InversePenalty));
        Assert.Equal([true, true], choice.Tried.TakeLast(2).Select(tried => tried.HeldOutLoss > clear));
        Assert.False(choice.Tried[^3].HeldOutLoss > clear);
        Assert.False(choice.IsWeakest);
    }

    // A patient's images are alike and the labels are noise: a fold that cut a patient would know the answer.
    [Fact]
    public void Folds_never_cut_a_patient()
    {
        manual_seed(3);
        const int patients = 30, each = 4;
        var ofPatients = randn(patients, 20, dtype: ScalarType.Float64).repeat_interleave(each, 0);
        var columns = Standardised(ofPatients + 0.01 * randn(patients * each, 20, dtype: ScalarType.Float64));
        var (labels, whose) = (new byte[patients * each, 1], new long[patients * each]);
        for (var image = 0; image < whose.Length; image++)
            (labels[image, 0], whose[image]) = ((byte)(image / each % 2), image / each);

        var choice = Choose(columns, Labels.Of(labels), 2, patients: whose)!;

        Assert.InRange(choice.InversePenalty, 0.001, 0.01);
        Assert.True(Choose(columns, Labels.Of(labels), 2)!.IsWeakest, "where patients are not known");
    }

    // the labels are noise, and each image is there four times: a fold that held one of the four out would know its answer
    [Fact]
    public void Folds_hold_equal_images_out_together()
    {
        const int Different = 20, Times = 4;
        var once = Squares.Pixels(Different, first: 5, left: 40);
        var pixels = new byte[Different * Times, Squares.Size, Squares.Size];
        for (var image = 0; image < Different * Times; image++)
            Array.Copy(once, image / Times * Squares.Size * Squares.Size, pixels, image * Squares.Size * Squares.Size, Squares.Size * Squares.Size);
        var labels = new byte[Different * Times, 1];
        for (var image = 0; image < labels.Length; image++)
            labels[image, 0] = (byte)(image / Times % 2);
        Split Split(byte[,,] images, byte[,] of) => new(tensor(images.Cast<byte>().ToArray()).reshape(of.Length, 1, Squares.Size, Squares.Size), Labels.Of(of), null);
        using var data = new Dataset(Squares.Info, "", Split(pixels, labels), Split(once, Squares.Labels(Different)), Split(once, Squares.Labels(Different)));
        var options = new ModelOptions { Architecture = Architecture.PixelRegression };
        using var model = Objective.Classification.Create(options, data.Info, 1);

        var fit = Objective.Classification.Fit(model, new(new(data), options, TransferPlan.RandomFeatures, new FitOptions().ToConvergence(), 1, CPU));

        Assert.False(fit.Penalty!.IsWeakest);
        Assert.InRange(fit.Penalty.InversePenalty, 0, 0.01);
    }

    [Fact]
    public void A_class_of_one_image_is_learned_from_in_every_fold()
    {
        var labels = Classes(2).Values;
        labels[3, 0] = 2;

        var choice = Choose(Columns(5), Labels.Of(labels), 3)!;

        Assert.Equal(5, choice.Folds);
        // near that of two classes: an image of a class that no fold knew would add some .5
        Assert.All(choice.Tried.Zip(Choose(Columns(5), Classes(2), 2)!.Tried), pair => Assert.Equal(pair.Second.HeldOutLoss!.Value, pair.First.HeldOutLoss!.Value, 0.05));
    }

    [Fact]
    public void Without_folds_the_strongest_is_taken_and_nothing_said_of_losses()
    {
        var columns = Columns(5);
        var one = Enumerable.Repeat(7L, Count).ToList();

        var choices = new[] { Choose(columns, Classes(2), 2, patients: one)!, Choose(Standardised(columns.slice(0, 1, 3, 1)), Labels.Of(new byte[,] { { 0 }, { 1 } }), 2)! };

        Assert.All(choices, choice =>
        {
            Assert.Equal((0.001, 0, false, false), (choice.InversePenalty, choice.Folds, choice.IsStrongest, choice.IsWeakest));
            Assert.All(choice.Tried, tried => Assert.Equal((null, null), (tried.HeldOutLoss, tried.StandardError)));
        });
    }

    [Fact]
    public void Folds_are_as_many_as_there_are_patients_where_these_are_fewer()
    {
        var patients = Enumerable.Range(0, Count).Select(image => image % 3L).ToList();

        Assert.Equal(3, Choose(Columns(5), Classes(2), 2, patients: patients)!.Folds);
        Assert.Equal(8, Choose(Columns(5), Classes(2), 2, choice: new() { Folds = 8 })!.Folds);
    }

    [Fact]
    public void Columns_that_do_not_vary_leave_nothing_to_choose() =>
        Assert.Null(Choose(zeros(Count, 3, ScalarType.Float64), Classes(2), 2));

    [Fact]
    public void Head_is_the_one_of_the_chosen_penalty_whatever_validation_says()
    {
        using var train = Squares.Train();
        using var validation = Squares.Validation();
        using var other = Squares.On(Squares.Pixels(40, first: 9), new byte[40, 1], Squares.Task);
        var ways = new[] { validation, other }.Select(images => Fit(new() { PenaltyChoice = new() }, images)).ToList();

        var chosen = ways[0].Fit.Penalty!;
        var fixedOne = Fit(new() { InversePenalty = chosen.InversePenalty }, validation);

        Assert.Equal(chosen.Tried, ways[1].Fit.Penalty!.Tried);
        Assert.Equal(ways[0].Head, ways[1].Head);
        Assert.Equal(ways[0].Head, fixedOne.Head);
        Assert.NotEqual(ways[0].Head, Fit(new() { InversePenalty = chosen.InversePenalty * 2 }, validation).Head);
        Assert.Null(fixedOne.Fit.Penalty);

        (FitResult Fit, string Head) Fit(FitOptions options, MedTransfer.Inference.LabelledImages looked)
        {
            using var model = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, Squares.Info, 1);
            return (new LogisticRegression(options).Fit(model, train, looked, cancellation: TestContext.Current.CancellationToken), model.Head.Bits());
        }
    }

    private static double HeldOutLoss(Tensor columns, Labels labels, Fold fold, double inverse, ClassBalance balance)
    {
        var weights = LearningTask.Of(LabelTask.MultiLabel).LossWeights(labels.Rows(fold.Train), 3);
        var all = fold.Train.Sum(image => Enumerable.Range(0, 3).Count(finding => !labels.IsMissing(image, finding)));
        var (loss, divisor) = (0.0, 0);
        for (var finding = 0; finding < 3; finding++)
        {
            double Weight(int image) => balance == ClassBalance.Loss && labels[image, finding] == 1 ? weights[finding] : 1;
            int[] learned = [.. fold.Train.Where(image => !labels.IsMissing(image, finding))];
            if (learned.DistinctBy(image => labels[image, finding]).Count() < 2)
                continue;
            var (positive, weight) = (tensor(learned.Select(image => (double)labels[image, finding]).ToArray()), tensor(learned.Select(Weight).ToArray()));
            var sum = weight.sum().item<double>();
            var head = new LogisticNewton(columns.index_select(0, tensor(learned.Select(image => (long)image).ToArray())), all / sum / (inverse * fold.Train.Count))
                .Solve(positive, weight / sum, 1e-12, 100, TestContext.Current.CancellationToken).Point;
            foreach (var image in fold.HeldOut.Where(image => !labels.IsMissing(image, finding)))
            {
                var logit = columns[image].dot(head.slice(0, 0, 5, 1)).item<double>() + head[5].item<double>();
                loss += Weight(image) * Math.Log(1 + Math.Exp(labels[image, finding] == 1 ? -logit : logit));
                divisor++;
            }
        }

        return loss / divisor;
    }

    private static double Column(int image, int column) => (37 * image + 101 * column + image * image * (column + 3)) % 97;

    private static Tensor Columns(int width)
    {
        var values = new double[Count * width];
        for (var i = 0; i < values.Length; i++) values[i] = Column(i / width, i % width);
        return Standardised(tensor(values).reshape(Count, width));
    }

    private static Tensor Standardised(Tensor columns) => (columns - columns.mean([0L])) / columns.std(0, unbiased: false);

    private static Labels Classes(int classes)
    {
        var labels = new byte[Count, 1];
        for (var image = 0; image < Count; image++)
            labels[image, 0] = (byte)Math.Min(classes - 1, (int)(Column(image, 0) + Column(image, 1) + 3 * (53 * image % 17)) * classes / 280);
        return Labels.Of(labels);
    }

    private static ChosenPenalty? Choose(
        Tensor columns, Labels labels, int outputs, LabelTask task = LabelTask.MultiClass, ClassBalance balance = ClassBalance.None,
        IReadOnlyList<long>? patients = null, PenaltyChoice? choice = null)
    {
        using var noGradient = no_grad();
        using var images = Squares.On(new byte[labels.Count, 1, 1], labels.Values, LearningTask.Of(task));
        return new PenaltySearch(choice ?? new() { InversePenalties = Tried }, balance)
            .Choose(PrincipalCoordinates.Of(columns), images with { Groups = patients }, outputs, TestContext.Current.CancellationToken);
    }
}
