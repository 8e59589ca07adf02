using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

public sealed class SlurmOptionsTests
{
    [Fact]
    public void Names_of_sbatch_are_passed_on_and_a_comma_within_a_value_separates_nothing()
    {
        var options = SlurmOptions.Parse("partition=long,nodelist=a1,a2,time=2:00:00,gres=gpu:2");

        Assert.Equal(["--partition=long", "--nodelist=a1,a2", "--time=2:00:00", "--gres=gpu:2"], options.Words);
        Assert.True(options.AsksForGpu);
        Assert.Equal(["--partition=long", "--nodelist=a1,a2", "--time=2:00:00"], options.WithoutGpu.Words);
        Assert.Equal((null, TimeSpan.FromMinutes(5)), (options.MostTasks, options.TaskLength));
    }

    [Fact]
    public void How_trials_are_laid_out_is_not_passed_on()
    {
        var options = SlurmOptions.Parse("tasks=40,task-minutes=20");

        Assert.Empty(options.Words);
        Assert.Equal((40, TimeSpan.FromMinutes(20)), (options.MostTasks, options.TaskLength));
        Assert.False(options.AsksForGpu);
    }

    [Theory]
    [InlineData("long", "takes name=value")]
    [InlineData("partition=", "takes name=value")]
    [InlineData("array=0-5", "knows no 'array'")]
    [InlineData("wrap=ls", "knows no 'wrap'")]
    [InlineData("tasks=0", "must be a whole number, 1 or more")]
    [InlineData("task-minutes=short", "must be a whole number, 1 or more")]
    [InlineData("mem=4G,mem=8G", "names mem twice")]
    [InlineData("time=1", "less than 4 minutes")]
    [InlineData("time=0:03:59", "less than 4 minutes")]
    public void What_is_none_is_refused_in_one_line(string text, string part)
    {
        var error = Assert.Throws<MedTransferException>(() => SlurmOptions.Parse(text));

        Assert.True(error.IsUsage);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90", 5400)]
    [InlineData("5:30", 330)]
    [InlineData("2:00:00", 7200)]
    [InlineData("1-12", 129_600)]
    [InlineData("1-12:30", 131_400)]
    [InlineData("1-00:00:10", 86_410)]
    [InlineData("0", 0)]
    [InlineData("UNLIMITED", null)]
    [InlineData("99999999-0", null)]
    [InlineData("1-", null)]
    [InlineData("", null)]
    [InlineData("1-x", null)]
    [InlineData("1:2:3:4", null)]
    public void A_time_limit_is_read_as_sbatch_reads_it(string text, int? seconds) =>
        Assert.Equal(seconds, SlurmOptions.LimitOf(text)?.TotalSeconds);

    [Fact]
    public void Trials_on_a_gpu_ask_for_one()
    {
        Assert.Contains("gres=gpu:1", Assert.Throws<MedTransferException>(() => new SlurmOptions().Require(["cuda"])).Message, StringComparison.Ordinal);
        SlurmOptions.Parse("gres=gpu:1").Require(["cuda"]);
        new SlurmOptions().Require(["cpu"]);
    }
}
