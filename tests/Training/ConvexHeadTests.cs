using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Training;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class ConvexHeadTests
{
    // Twelve images of 2 x 2 pixels; the last pixel is constant.
    private static readonly byte[] Pixels =
    [
        12, 200, 40, 90, 30, 180, 60, 90, 25, 220, 10, 90, 60, 150, 90, 90, 200, 30, 120, 90, 180, 60, 90, 90,
        220, 10, 200, 90, 150, 90, 110, 90, 90, 100, 250, 90, 110, 140, 230, 90, 70, 80, 180, 90, 160, 120, 210, 90,
    ];

    private static readonly byte[] Classes = [0, 0, 1, 0, 1, 1, 1, 0, 2, 2, 2, 1];

    // scikit-learn 1.2.1, X the pixels as (12, 4), y the classes:
    //   S = StandardScaler().fit_transform(X); LogisticRegression(C=1, tol=1e-10, max_iter=10000).fit(S, y).predict_proba(S)
    private static readonly double[,] Expected =
    {
        { 0.72920063, 0.19083162, 0.07996775 }, { 0.65905408, 0.23485840, 0.10608752 }, { 0.73460855, 0.22738263, 0.03800882 },
        { 0.53316978, 0.31654751, 0.15028271 }, { 0.14364463, 0.80338873, 0.05296665 }, { 0.19489456, 0.76612594, 0.03897950 },
        { 0.08812905, 0.74772948, 0.16414147 }, { 0.26060081, 0.65531770, 0.08408149 }, { 0.10027016, 0.11694500, 0.78278484 },
        { 0.14980829, 0.23395998, 0.61623173 }, { 0.25464022, 0.19793572, 0.54742407 }, { 0.15197535, 0.50897588, 0.33904877 },
    };

    // The same with y > 0 and LogisticRegression(C=0.25, tol=1e-10, max_iter=10000, multi_class="multinomial"), column 1.
    private static readonly double[] ExpectedOfTwo =
    [
        0.35172228, 0.42246181, 0.30507170, 0.53752580, 0.81801703, 0.74827590,
        0.90121742, 0.72292146, 0.82561551, 0.79700475, 0.74397540, 0.82619204,
    ];

    [Fact]
    public void Regression_on_pixels_is_that_of_scikit_learn()
    {
        var probabilities = Probabilities(Classes, new());

        Assert.All(Pairs(Expected, probabilities), pair => Assert.Equal(pair.First, pair.Second, 5e-6));
    }

    [Fact]
    public void Inverse_penalty_is_scikit_learns_C()
    {
        var probabilities = Probabilities([.. Classes.Select(label => Math.Min(label, (byte)1))], new() { InversePenalty = 0.25 });

        for (var image = 0; image < ExpectedOfTwo.Length; image++)
            Assert.Equal(ExpectedOfTwo[image], probabilities[image, 1], 5e-6);
    }

    // The free bias makes the mean probability of a class its share of the training weights: 1/3 where 4, 5 and 3 images count as much.
    [Fact]
    public void Balanced_loss_gives_every_class_the_same_share()
    {
        var probabilities = Probabilities(Classes, new() { Balance = ClassBalance.Loss });

        for (var of = 0; of < 3; of++)
        {
            var means = Enumerable.Range(0, 3).Select(label =>
                Enumerable.Range(0, 12).Where(image => Classes[image] == label).Average(image => probabilities[image, of]));
            Assert.Equal(1 / 3.0, means.Average(), 1e-5);
        }
    }

    [Fact]
    public void Features_stay_to_the_bit_and_the_head_moves()
    {
        using var model = Classifier.Create(new(), Squares.Info, 1);
        var (features, head) = (model.Features.Bits(), model.Head.Bits());

        Fit(model);

        Assert.Equal(features, model.Features.Bits());
        Assert.NotEqual(head, model.Head.Bits());
    }

    [Fact]
    public void Initial_head_does_not_matter()
    {
        using var one = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, Squares.Info, 1);
        using var other = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, Squares.Info, 2);

        Fit(one);
        Fit(other);

        Assert.Equal(one.Bits(), other.Bits());
    }

    [Fact]
    public void Head_without_features_learns_how_frequent_the_classes_are()
    {
        using var model = Classifier.Create(new() { Architecture = Architecture.MajorityClass }, Squares.Info with { LabelNames = ["a", "b", "c"] }, 1);
        using var images = Squares.On(new byte[12, 28, 28], Column(Classes), new(LabelTask.MultiClass));

        new ConvexHead(new(LabelTask.MultiClass), new()).Fit(model, images, images, cancellation: TestContext.Current.CancellationToken);

        var probabilities = new Predictor(model).Assess(images, new(LabelTask.MultiClass)).Probabilities;
        for (var image = 0; image < 12; image++)
        {
            Assert.Equal(4 / 12.0, probabilities[image, 0], 1e-4);
            Assert.Equal(5 / 12.0, probabilities[image, 1], 1e-4);
            Assert.Equal(3 / 12.0, probabilities[image, 2], 1e-4);
        }
    }

    [Fact]
    public void Findings_get_a_head_too()
    {
        var findings = new byte[60, 2];
        for (var image = 0; image < 60; image++)
            (findings[image, 0], findings[image, 1]) = ((byte)(image % 2), (byte)(1 - image % 2));
        using var model = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, Squares.Info with { Task = LabelTask.MultiLabel }, 1);
        using var images = Squares.On(Squares.Pixels(60), findings, new(LabelTask.MultiLabel));

        var fit = new ConvexHead(new(LabelTask.MultiLabel), new()).Fit(model, images, images, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1, fit.History[0].ValidationAccuracy);
    }

    [Fact]
    public void History_is_one_record_without_a_learning_rate()
    {
        using var model = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, Squares.Info, 1);
        var told = new List<EpochRecord>();

        var fit = Fit(model, told.Add);

        Assert.Equal(1, fit.KeptEpoch);
        Assert.Equal(told, fit.History);
        Assert.Equal((1, null, 1.0, 1.0), (told[0].Epoch, told[0].LearningRate, told[0].ValidationAccuracy, told[0].ValidationAuc));
    }

    private static FitResult Fit(Classifier model, Action<EpochRecord>? onEpoch = null)
    {
        using var train = Squares.Train();
        using var validation = Squares.Validation();
        return new ConvexHead(Squares.Loss, new()).Fit(model, train, validation, onEpoch, TestContext.Current.CancellationToken);
    }

    private static float[,] Probabilities(byte[] classes, FitOptions options)
    {
        var info = new DatasetInfo("dots", LabelTask.MultiClass, 1, 2, [.. classes.Distinct().Select(label => $"{label}")]);
        var pixels = new byte[12, 2, 2];
        Buffer.BlockCopy(Pixels, 0, pixels, 0, Pixels.Length);
        using var model = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, info, 1);
        using var images = Squares.On(pixels, Column(classes), new(LabelTask.MultiClass));
        new ConvexHead(new(LabelTask.MultiClass), options).Fit(model, images, images, cancellation: TestContext.Current.CancellationToken);
        return new Predictor(model).Assess(images, new(LabelTask.MultiClass)).Probabilities;
    }

    private static IEnumerable<(double First, double Second)> Pairs(double[,] expected, float[,] actual) =>
        expected.Cast<double>().Zip(actual.Cast<float>(), (first, second) => (first, (double)second));

    private static byte[,] Column(byte[] classes)
    {
        var labels = new byte[classes.Length, 1];
        Buffer.BlockCopy(classes, 0, labels, 0, classes.Length);
        return labels;
    }
}
