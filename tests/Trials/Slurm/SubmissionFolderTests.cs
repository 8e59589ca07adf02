using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Execution;
using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

public sealed class SubmissionFolderTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Trials_are_found_in_the_array_and_at_the_index_that_they_have()
    {
        var (folder, parents, children) = Written();
        folder.WriteSubmitted(new([new(7, 0, 0, 2), new(8, 0, 2, 1), new(9, 1, 0, 1)]));

        var places = SubmissionFolder.At(folder.FullPath).Places();

        Assert.Equal([(7L, 0), (7L, 1), (8L, 0)], parents.Select(trial => (places[trial.Name].Job, places[trial.Name].Index)));
        Assert.All(children, child => Assert.Equal((9L, 0), (places[child.Name].Job, places[child.Name].Index)));
        Assert.Equal(children.Select(child => child.Spec.Seed), folder.ReadTask(1, 0).Select(job => job.Spec.Seed));
    }

    /// <summary>The recipe was killed between two arrays.</summary>
    [Fact]
    public void Of_a_submission_that_was_cut_off_those_are_found_that_were_sent()
    {
        var (folder, parents, _) = Written();
        folder.WriteSubmitted(new([new(7, 0, 0, 2)]));

        Assert.Equal(parents.Take(2).Select(trial => trial.Name).Order(), folder.Places().Keys.Order());
    }

    // three tasks of one trial, and one task of two that need them
    private (SubmissionFolder Folder, IReadOnlyList<Trial> Parents, IReadOnlyList<Trial> Children) Written()
    {
        Trial[] parents = [.. Enumerable.Range(1, 3).Select(seed => new Trial(data.Spec with { Seed = seed }, "parent"))];
        Trial[] children = [.. parents.Take(2).Select(parent => new Trial(parent.Spec with { Transfer = TransferPlan.Frozen(parent.AsOrigin) }, "child"))];
        var layout = new TaskLayout([[.. parents.Select(parent => new[] { parent })], [children]]);
        return (SubmissionFolder.Create(data["jobs"], layout, trial => new Job(trial.Spec, trial.Label, [])), parents, children);
    }
}
