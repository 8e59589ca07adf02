using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>What a cluster refuses, or what is none.</summary>
public sealed class SlurmErrorsTests(SlurmCluster cluster) : OnSlurm(cluster)
{
    [Fact]
    public void Folders_may_be_called_anything_but_what_Slurm_can_t_write_logs_in()
    {
        Cluster.Require();
        var odd = Data["it's %A \"jobs\""];

        Run([Data.Trial], jobs: odd);

        Assert.NotEmpty(Directory.GetFiles(odd, "*_0.out", SearchOption.AllDirectories));
        Assert.Contains("a backslash in its name", Assert.Throws<MedTransferException>(() => SlurmExecutor.RequireCluster(Data["back\\slash"], new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_Slurm_refuses_is_one_line_and_leaves_nothing()
    {
        Cluster.Require();

        var error = Assert.Throws<MedTransferException>(() => Run([Data.Trial], SlurmOptions.Parse("partition=nowhere")));

        Assert.StartsWith("Slurm refuses: sbatch: error: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("invalid partition", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsUsage);
        Assert.EndsWith("see --engine-options, or leave --engine out to train on this machine.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Submissions);
        Assert.StartsWith("Slurm refuses: sbatch: error: invalid partition", Assert.Throws<MedTransferException>(() => SlurmExecutor.RequireCluster(Jobs, SlurmOptions.Parse("partition=nowhere"))).Message, StringComparison.Ordinal);
        SlurmExecutor.RequireCluster(Jobs, SlurmOptions.Parse("partition=test"));
    }

    [Theory]
    [InlineData("nowhere.conf", "SLURM_CONF names {0}, which is not there: set it")]
    [InlineData("broken.conf", "Slurm does not answer: scontrol: error: ")]
    [InlineData("broken.conf", "; see whether SLURM_CONF, {0}, is this cluster's and its controller runs (scontrol ping)")]
    public void Configuration_that_leads_nowhere_is_said(string file, string expected)
    {
        Cluster.Require();
        File.WriteAllText(Data["broken.conf"], "nonsense\n");
        var known = Environment.GetEnvironmentVariable("SLURM_CONF");
        Environment.SetEnvironmentVariable("SLURM_CONF", Data[file]);
        try
        {
            Assert.Contains(string.Format(null, expected, Data[file]), Assert.Throws<MedTransferException>(() => SlurmExecutor.RequireCluster(Jobs, new())).Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SLURM_CONF", known);
        }
    }

    [Fact]
    public void Without_Slurm_s_programs_it_is_said_where_they_are()
    {
        SlurmCommands.Folder = Data["nowhere"];
        try
        {
            Assert.StartsWith("There is no scontrol here: --engine slurm runs where jobs", Assert.Throws<MedTransferException>(() => Run([Data.Trial])).Message, StringComparison.Ordinal);
        }
        finally
        {
            SlurmCommands.Folder = null;
        }
    }
}
