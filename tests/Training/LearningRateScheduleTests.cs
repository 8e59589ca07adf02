using FsCheck.Xunit;
using MedTransfer.Training.Schedules;

namespace MedTransfer.Tests.Training;

/// <summary>
/// Oracle: torch 1.13.0 in Python, an SGD of rate 0.1 whose rate is read before each step and whose scheduler steps after it.
/// </summary>
public sealed class LearningRateScheduleTests
{
    // OneCycleLR(o, max_lr=.1, total_steps=10, cycle_momentum=False)
    [Fact]
    public void One_cycle_is_that_of_PyTorch() => AssertRates(
        [.0040000000000000036, .052000000000000005, .1, .09504846320134738, .0811745653949763, .06112620219362893, .03887419780637107, .0188258346250237, .004951936798652629, 4e-07],
        new OneCycle());

    // OneCycleLR(o, max_lr=.1, total_steps=7, pct_start=.5, div_factor=10, final_div_factor=100, cycle_momentum=False)
    [Fact]
    public void One_cycle_of_other_shape_is_that_of_PyTorch() => AssertRates(
        [.01, .041094235253127366, .09140576474687263, .09505339495172584, .06116492065111791, .018906684397156263, .0001],
        new OneCycle { Rise = .5, InitialDivisor = 10, FinalDivisor = 100 });

    // CosineAnnealingLR(o, T_max=8)
    [Fact]
    public void Cosine_is_that_of_PyTorch() => AssertRates(
        [.1, .09619397662556434, .08535533905932738, .0691341716182545, .05, .030865828381745515, .014644660940672627, .0038060233744356634],
        new CosineDecay());

    // CosineAnnealingLR(o, T_max=8, eta_min=.02)
    [Fact]
    public void Cosine_to_a_floor_is_that_of_PyTorch() => AssertRates(
        [.1, .09695518130045147, .0882842712474619, .0753073372946036, .06, .04469266270539641, .0317157287525381, .023044818699548532],
        new CosineDecay { Floor = .2 });

    // SequentialLR(o, [LinearLR(o, 1/3, 1, total_iters=2), CosineAnnealingLR(o, T_max=7)], [3]); its recursion is good to six digits
    [Fact]
    public void Cosine_after_a_warm_up_is_that_of_PyTorch() => AssertRates(
        [.03333333333333333, .06666666666666667, .1, .1, .09504844339512096, .08117449009293669, .061126046697815725, .03887395330218429, .018825509907063328, .004951556604879048],
        new CosineDecay { WarmUp = .3 });

    // MultiStepLR(o, milestones=[4, 6], gamma=.1)
    [Fact]
    public void Steps_are_those_of_PyTorch() => AssertRates([.1, .1, .1, .1, .01, .01, .001, .001], new StepDecay());

    // LinearLR(o, 1/3, 1, total_iters=2)
    [Fact]
    public void Constant_rate_after_a_warm_up_is_that_of_PyTorch() => AssertRates(
        [.03333333333333333, .06666666666666667, .1, .1, .1, .1, .1, .1, .1, .1], new ConstantRate { WarmUp = .3 });

    // ChainedScheduler([LinearLR(o, .5, 1, total_iters=1), MultiStepLR(o, milestones=[5, 8], gamma=.1)])
    [Fact]
    public void Steps_after_a_warm_up_fall_where_they_fall_without() => AssertRates(
        [.05, .1, .1, .1, .1, .01, .01, .01, .001, .001], new StepDecay { WarmUp = .2 });

    // PyTorch's takes 4e-7: a training that learns nothing
    [Fact]
    public void Training_of_one_step_takes_it_whole() => Assert.All(
        new LearningRateSchedule[] { new OneCycle(), new CosineDecay { WarmUp = .5 }, new StepDecay(), new StepDecay { Milestones = [.1, .2] }, new ConstantRate { WarmUp = .5 } },
        schedule => AssertRates([.1], schedule));

    [Fact]
    public void Steps_never_fall_before_the_first() => AssertRates([.1, .01, .001], new StepDecay { Milestones = [.1, .6] });

    [Property]
    public void Rate_lies_between_zero_and_the_largest(ushort index, ushort more, double rise)
    {
        var steps = 1L + index + more;
        var share = double.IsFinite(rise) ? Math.Clamp(Math.Abs(rise) % 1, .01, .99) : .5;
        foreach (var schedule in new LearningRateSchedule[]
        {
            new StepDecay { Milestones = [share], WarmUp = share }, new ConstantRate { WarmUp = share }, new CosineDecay { WarmUp = share }, new OneCycle { Rise = share },
        })
        {
            Assert.InRange(schedule.At(.1, index, steps), 1e-12, .1 + 1e-12);
        }
    }

    private static void AssertRates(double[] expected, LearningRateSchedule schedule)
    {
        var rates = expected.Select((_, index) => schedule.At(.1, index, expected.Length));

        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }
}
