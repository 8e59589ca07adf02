using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Tests.Evaluation.Intervals;

public sealed class StudentTTests
{
    // mpmath 1.2.1 with 40 digits: p = lambda t: betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + mpf(t) ** 2), regularized=True);
    // findroot(lambda t: p(t) - mpf("0.05"), 2), p(.5), p(2), p(20). SciPy 1.10.1 says the same of 2 * t.sf(|t|, df); its t.ppf is right
    // to ten digits only.
    public static TheoryData<int, double, double, double, double> Oracle => new()
    {
        { 1, 12.706204736174705, 0.70483276469913345, 0.29516723530086655, 0.03180450251235275 },
        { 2, 4.3026527297494639, 0.66666666666666667, 0.18350341907227397, 0.002490663892367097 },
        { 3, 3.1824463052837096, 0.65144796484815099, 0.13932596855884318, 0.00027320325024731172 },
        { 4, 2.7764451051977944, 0.64332996318186327, 0.11611652351681559, 3.6883105802997326e-5 },
        { 7, 2.3646242515927853, 0.63240713568928422, 0.085619328562976077, 1.9548827108003993e-7 },
        { 10, 2.2281388519862747, 0.62789360574297294, 0.073388034770740366, 2.1460623172042518e-9 },
        { 23, 2.0686576104190487, 0.62182527524232832, 0.057444548992082724, 4.8357007638203739e-16 },
        { 99, 1.9842169515864175, 0.61818464402440611, 0.048239693372632923, 1.5064448594601808e-36 },
        { 255, 1.9693105698498752, 0.61750626749222534, 0.046560854446518178, 3.6929323988991683e-54 },
        { 1000, 1.9623390808264085, 0.61718508083387481, 0.04577034649325164, 4.0622884995247713e-75 },
    };

    [Theory]
    [MemberData(nameof(Oracle))]
    public void Probability_and_critical_value_are_mpmaths(int df, double critical, double atHalf, double atTwo, double atTwenty)
    {
        Assert.Equal(critical, StudentT.Critical(0.05, df), 1e-12 * critical);
        Assert.Equal(atHalf, StudentT.TwoSidedP(0.5, df), 1e-12 * atHalf);
        Assert.Equal(atTwo, StudentT.TwoSidedP(-2, df), 1e-12 * atTwo);
        // Relative, so that a small p value has its digits too.
        Assert.Equal(atTwenty, StudentT.TwoSidedP(20, df), 1e-12 * atTwenty);
    }

    // SciPy 1.10.1: t.isf(.025, df), 2 t.sf(2.1, df); norm where infinite
    [Theory]
    [InlineData(3.7, 2.867520707191209, 0.10926470508222474)]
    [InlineData(15.0661079388731, 2.130635259898392, 0.05297689120075995)]
    [InlineData(250.5, 1.9694792720509307, 0.03672915237719314)]
    [InlineData(20_000, 1.9600826051581353, 0.035741334028774045)]
    [InlineData(1e6, 1.959966356814107, 0.03572909097463502)]
    [InlineData(double.PositiveInfinity, 1.9599639845400545, 0.035728841125633085)]
    public void Degrees_of_freedom_need_not_be_whole_nor_few(double df, double critical, double p)
    {
        Assert.Equal(critical, StudentT.Critical(0.05, df), 1e-8);
        Assert.Equal(p, StudentT.TwoSidedP(2.1, df), 1e-9);
    }

    // mpmath 1.3.0, the same calls
    [Theory]
    [InlineData(9, 0.99922393032597327)]
    [InlineData(999, 0.9992023152180736)]
    public void Probability_of_a_small_statistic_is_mpmaths_to_ten_digits(int df, double p) =>
        Assert.Equal(p, StudentT.TwoSidedP(0.001, df), 1e-10);

    [Theory]
    [InlineData(1, 636619.77236705774)]
    [InlineData(2, 999.99924999984375)]
    [InlineData(9, 11.63678202732889)]
    public void Critical_value_of_one_in_a_million_is_mpmaths(int df, double critical) =>
        Assert.Equal(critical, StudentT.Critical(1e-6, df), 1e-12 * critical);

    [Fact]
    public void Critical_value_is_where_the_probability_is_alpha()
    {
        for (var df = 1; df <= 1000; df++)
        {
            Assert.Equal(0.05, StudentT.TwoSidedP(StudentT.Critical(0.05, df), df), 1e-13);
            Assert.Equal(0.001, StudentT.TwoSidedP(StudentT.Critical(0.001, df), df), 1e-13);
        }
    }

    [Fact]
    public void Probability_is_one_at_zero_and_zero_at_infinity()
    {
        Assert.Equal(1, StudentT.TwoSidedP(0, 7));
        Assert.Equal(0, StudentT.TwoSidedP(double.PositiveInfinity, 7));
    }

    [Fact]
    public void Probability_of_what_is_not_a_number_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSidedP(double.NaN, 7));
}
