using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Tests.Evaluation.Cases;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class ModelDifferenceTests
{
    // pROC 1.18.0: roc.test(r0, r1, method = "delong", paired = TRUE): Z, p, conf.int
    [Fact]
    public void Difference_of_aucs_is_delongs_paired_test()
    {
        var difference = ModelDifference.Of(ReaderStudy.Score(Metric.RocAuc, 0, 0), ReaderStudy.Score(Metric.RocAuc, 1, 0));
        Assert.Equal(-2.097396345585964, difference.Difference / difference.StandardError!.Value, 1e-12);
        Assert.Equal(0.03595850432376808, difference.PValue!.Value, 1e-12);
        Assert.Equal(-0.143294428004259206, difference.Interval95!.Low, 1e-12);
        Assert.Equal(-0.004853720143888934, difference.Interval95.High, 1e-12);
    }

    [Fact]
    public void Sign_goes_with_the_order_of_the_models()
    {
        var (first, second) = (ReaderStudy.Score(Metric.RocAuc, 0, 0), ReaderStudy.Score(Metric.RocAuc, 1, 0));
        var (there, back) = (ModelDifference.Of(first, second), ModelDifference.Of(second, first));
        Assert.Equal((there.Interval95!.Low, there.PValue), (-back.Interval95!.High, back.PValue));
    }

    [Fact]
    public void Equal_models_have_no_p_value_and_no_interval()
    {
        var same = ModelDifference.Of(ReaderStudy.Score(Metric.RocAuc, 0, 0), ReaderStudy.Score(Metric.RocAuc, 0, 0));
        Assert.Equal((0, null, null), (same.Difference, same.PValue, same.Interval95));
    }

    // statsmodels 0.13.5: mcnemar([[0, b], [c, 0]], exact=True).pvalue below 25, exact=False, correction=False from 25 on
    [Theory]
    [InlineData(3, 9, 0.14599609375)]
    [InlineData(0, 5, 0.0625)]
    [InlineData(12, 12, 1)]
    [InlineData(10, 30, 0.001565402258002549)]
    [InlineData(25, 0, 5.733031437583875e-07)]
    public void Mcnemar_is_that_of_statsmodels(int firstAlone, int secondAlone, double p)
    {
        // and ten images that tell nothing
        bool[] first = [.. Enumerable.Repeat(true, firstAlone), .. Enumerable.Repeat(false, secondAlone), .. Enumerable.Repeat(true, 10)];
        bool[] second = [.. Enumerable.Repeat(false, firstAlone), .. Enumerable.Repeat(true, secondAlone), .. Enumerable.Repeat(true, 10)];
        var mcnemar = McNemar.Of(first, second, Patients.OfImages(first.Length));
        Assert.Equal((firstAlone, secondAlone), (mcnemar.FirstAlone, mcnemar.SecondAlone));
        Assert.Equal(p, mcnemar.PValue!.Value, 1e-12);
    }

    [Fact]
    public void Mcnemar_of_patients_with_several_images_counts_patients()
    {
        // twelve patients: nine lead by 1, two trail by 1, one leads by 2: 11/12 (9)^2 / 15 = 4.95, pchisq(4.95, 1, lower.tail = FALSE) in R 4.2.2
        int[] leads = [1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, 2];
        bool[] first = [.. leads.SelectMany(lead => new[] { lead > 0, lead > 1 })], second = [.. leads.SelectMany(lead => new[] { lead < 0, lead < -1 })];
        var patients = Patients.Of([.. Enumerable.Range(0, 24).Select(image => image / 2L)], 24);
        Assert.Equal(0.0260914, McNemar.Of(first, second, patients).PValue!.Value, 1e-6);
        // with each image a patient it is another test
        Assert.NotEqual(McNemar.Of(first, second, patients).PValue, McNemar.Of(first, second, Patients.OfImages(24)).PValue);
        // nine patients that tell are too few
        bool[] none = [.. first.Take(18)];
        Assert.Null(McNemar.Of(none, [.. second.Take(18)], Patients.Of([.. Enumerable.Range(0, 18).Select(image => image / 2L)], 18)).PValue);
    }

    [Fact]
    public void Mcnemar_of_equal_answers_is_undefined() => Assert.Null(McNemar.Of([true, false], [true, false], Patients.OfImages(2)).PValue);
}
