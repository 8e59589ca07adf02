using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using TorchSharp;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class LogisticRegressionTests
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
        using var images = Squares.On(new byte[12, 28, 28], Column(Classes), LearningTask.Of(LabelTask.MultiClass));

        new LogisticRegression(new()).Fit(model, images, images, cancellation: TestContext.Current.CancellationToken);

        var probabilities = new Predictor(model).Assess(images).Probabilities;
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
        using var images = Squares.On(Squares.Pixels(60), findings, LearningTask.Of(LabelTask.MultiLabel));

        var fit = new LogisticRegression(new()).Fit(model, images, images, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1, fit.History[0].Validation[Metric.Accuracy]);
    }

    // more pixels than images too, whose axes are found by way of the images' products
    [Theory]
    [InlineData(LabelTask.BinaryClass, 2, 40, 3, ClassBalance.None)]
    [InlineData(LabelTask.BinaryClass, 2, 40, 3, ClassBalance.Loss)]
    [InlineData(LabelTask.BinaryClass, 2, 8, 4, ClassBalance.Loss)]
    [InlineData(LabelTask.MultiClass, 3, 40, 3, ClassBalance.Loss)]
    [InlineData(LabelTask.MultiClass, 3, 8, 4, ClassBalance.None)]
    [InlineData(LabelTask.MultiLabel, 3, 40, 3, ClassBalance.None)]
    [InlineData(LabelTask.MultiLabel, 3, 40, 3, ClassBalance.Loss)]
    [InlineData(LabelTask.MultiLabel, 3, 8, 4, ClassBalance.Loss)]
    public void Every_task_ends_where_the_penalised_loss_is_flat(LabelTask task, int outputs, int count, int size, ClassBalance balance)
    {
        var draws = new Random(3);
        var (pixels, labels) = (new byte[count, size, size], new byte[count, task == LabelTask.MultiLabel ? outputs : 1]);
        for (var image = 0; image < count; image++)
        {
            for (var label = 0; label < labels.GetLength(1); label++)
                labels[image, label] = (byte)(task == LabelTask.MultiLabel ? draws.Next(label + 2) / (label + 1) : image % outputs);
            for (var pixel = 0; pixel < size * size; pixel++)
                pixels[image, pixel / size, pixel % size] = (byte)(draws.Next(200) + (labels[image, 0] > 0 && pixel == 0 ? 50 : 0));
        }

        var info = new DatasetInfo("dots", task, 1, size, [.. Enumerable.Range(0, outputs).Select(output => $"{output}")]);
        var options = new FitOptions { InversePenalty = 0.5, Balance = balance };
        using var model = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, info, 1);
        using var images = Squares.On(pixels, labels, LearningTask.Of(task));

        new LogisticRegression(options).Fit(model, images, images, cancellation: TestContext.Current.CancellationToken);

        var here = PenalisedLoss(model, images, labels, options, task);
        var weight = model.Head.weight;
        using var noGradient = torch.no_grad();
        for (var output = 0; output < outputs; output++)
        {
            for (var pixel = 0; pixel < size * size; pixel++)
            {
                foreach (var change in new[] { 1e-3f, -1e-3f })
                {
                    var place = weight[output, pixel];
                    place.add_(change);
                    Assert.True(PenalisedLoss(model, images, labels, options, task) > here - 1e-9, $"output {output}, pixel {pixel}, {change}");
                    place.sub_(change);
                }
            }
        }
    }

    [Fact]
    public void A_finding_that_no_image_has_gets_a_head_that_never_finds_it()
    {
        using var model = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, Squares.Info with { Task = LabelTask.MultiLabel }, 1);
        var findings = new byte[60, 2];
        for (var image = 1; image < 60; image += 2)
            findings[image, 0] = 1;
        using var images = Squares.On(Squares.Pixels(60), findings, LearningTask.Of(LabelTask.MultiLabel));

        new LogisticRegression(new()).Fit(model, images, images, cancellation: TestContext.Current.CancellationToken);

        var probabilities = new Predictor(model).Assess(images).Probabilities;
        Assert.All(Enumerable.Range(0, 60), image => Assert.InRange(probabilities[image, 1], 0, 1e-5f));
    }

    [Fact]
    public void History_is_one_record_without_a_learning_rate()
    {
        using var model = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, Squares.Info, 1);
        var told = new List<EpochRecord>();

        var fit = Fit(model, told.Add);

        Assert.Equal(1, fit.KeptEpoch);
        Assert.Equal(told, fit.History);
        Assert.Equal((1, null, 1.0, 1.0), (told[0].Epoch, told[0].LearningRate, told[0].Validation[Metric.Accuracy], told[0].Validation[Metric.RocAuc]));
    }

    private static FitResult Fit(Classifier model, Action<EpochRecord>? onEpoch = null)
    {
        using var train = Squares.Train();
        using var validation = Squares.Validation();
        return new LogisticRegression(new()).Fit(model, train, validation, onEpoch, TestContext.Current.CancellationToken);
    }

    private static float[,] Probabilities(byte[] classes, FitOptions options)
    {
        var info = new DatasetInfo("dots", LabelTask.MultiClass, 1, 2, [.. classes.Distinct().Select(label => $"{label}")]);
        var pixels = new byte[12, 2, 2];
        Buffer.BlockCopy(Pixels, 0, pixels, 0, Pixels.Length);
        using var model = Classifier.Create(new() { Architecture = Architecture.PixelRegression }, info, 1);
        using var images = Squares.On(pixels, Column(classes), LearningTask.Of(LabelTask.MultiClass));
        new LogisticRegression(options).Fit(model, images, images, cancellation: TestContext.Current.CancellationToken);
        return new Predictor(model).Assess(images).Probabilities;
    }

    // mean loss + |W|^2 / (2 C n) over the weights of the standardised columns, by the formulas of the losses alone
    private static double PenalisedLoss(Classifier model, LabelledImages images, byte[,] labels, FitOptions options, LabelTask task)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var rows = images.Images.Images(0, images.Images.Count).flatten(1).to(torch.float64);
        var deviation = rows.std(0, unbiased: false);
        var weight = model.Head.weight.to(torch.float64);
        var logits = rows.mm(weight.t()) + model.Head.bias!.to(torch.float64);
        var (count, outputs) = (labels.GetLength(0), (int)logits.shape[1]);
        var (loss, divisor) = (0.0, 0.0);
        for (var image = 0; image < count; image++)
        {
            var z = logits[image].data<double>().ToArray();
            if (task != LabelTask.MultiLabel)
            {
                var of = Enumerable.Range(0, count).Count(other => labels[other, 0] == labels[image, 0]);
                var importance = options.Balance == ClassBalance.Loss ? 1.0 / of : 1;
                loss += importance * (Math.Log(z.Sum(Math.Exp)) - z[labels[image, 0]]);
                divisor += importance;
                continue;
            }

            for (var k = 0; k < outputs; k++)
            {
                double with = Enumerable.Range(0, count).Count(other => labels[other, k] == 1);
                var importance = options.Balance == ClassBalance.Loss && with > 0 && with < count ? (count - with) / with : 1;
                loss += labels[image, k] == 1 ? importance * Math.Log(1 + Math.Exp(-z[k])) : Math.Log(1 + Math.Exp(z[k]));
                divisor++;
            }
        }

        return loss / divisor + (weight * deviation).square().sum().item<double>() / (2 * options.InversePenalty * count);
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
