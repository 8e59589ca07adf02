using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Tests.Evaluation.Intervals;

public sealed class ProportionIntervalTests
{
    // statsmodels 0.13.5: proportion_confint(k, n, method="wilson") and method="beta"
    [Theory]
    [InlineData(0, 20, 0, 0.1611251580528194, 0, 0.16843347098308534)]
    [InlineData(17, 20, 0.639581135259243, 0.9476312541037833, 0.621073173454686, 0.9679290628145363)]
    [InlineData(20, 20, 0.8388748419471804, 1, 0.8315665290169146, 1)]
    [InlineData(540, 624, 0.8363577916541771, 0.8899402149421498, 0.8360705717414524, 0.8911851484829891)]
    [InlineData(1, 3, 0.06149194472039626, 0.7923403991979523, 0.008403758659612636, 0.9057006759497539)]
    public void Intervals_are_those_of_statsmodels(int successes, int count, double low, double high, double exactLow, double exactHigh)
    {
        var (wilson, exact) = (ProportionInterval.Wilson(successes, count), ProportionInterval.ClopperPearson(successes, count));
        Assert.Equal(low, wilson.Low, 1e-11);
        Assert.Equal(high, wilson.High, 1e-11);
        Assert.Equal(exactLow, exact.Low, 1e-11);
        Assert.Equal(exactHigh, exact.High, 1e-11);
        Assert.InRange(wilson.Low, 0, wilson.High);
        Assert.InRange(wilson.High, wilson.Low, 1);
    }

    [Fact]
    public void More_successes_than_there_are_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ProportionInterval.Wilson(4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProportionInterval.ClopperPearson(0, 0));
    }

    // R 4.2.2: A <- .6828703703703703; s <- sqrt(.004911726052023959); plogis(qlogis(A) + c(-1, 1) * qnorm(.975) * s / (A * (1 - A)))
    [Fact]
    public void Interval_on_the_logit_scale_stays_in_range()
    {
        var interval = ScoreInterval.Logit95(0.6828703703703703, Math.Sqrt(0.004911726052023959))!;
        Assert.Equal(0.53312670435356, interval.Low, 1e-12);
        Assert.Equal(0.8023881398525131, interval.High, 1e-12);
        var near = ScoreInterval.Logit95(0.99, 0.02, 4)!;
        Assert.InRange(near.Low, 0, 0.99);
        Assert.InRange(near.High, 0.99, 1);
        Assert.Null(ScoreInterval.Logit95(1, 0.01));
        Assert.Null(ScoreInterval.Logit95(0.5, 0));
    }
}
