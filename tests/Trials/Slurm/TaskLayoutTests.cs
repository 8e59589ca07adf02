using MedTransfer.Trials;
using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>Work of 1,000 takes a second, and a trial of none one second.</summary>
public sealed class TaskLayoutTests
{
    [Fact]
    public void Short_trials_are_put_together_until_a_task_takes_minutes()
    {
        var layout = Of([Trials("a", 7)], seconds: 19, most: 1000);

        // 20 seconds each, three of them in a minute
        Assert.Equal([3, 3, 1], layout.Layers[0].Select(task => task.Count));
        Assert.Equal(3, layout.Tasks);
    }

    [Fact]
    public void Long_trials_have_tasks_of_their_own() =>
        Assert.Equal([1, 1], Of([Trials("a", 2)], seconds: 3600, most: 1000).Layers[0].Select(task => task.Count));

    [Fact]
    public void Layers_and_sets_are_not_mixed()
    {
        var layout = Of([[.. Trials("a", 1), .. Trials("b", 1), .. Trials("a", 1, first: 5)], Trials("a", 1, first: 9)], seconds: 1, most: 1000);

        Assert.Equal([2, 1], layout.Layers[0].Select(task => task.Count));
        Assert.Equal(["a", "a"], layout.Layers[0][0].Select(trial => trial.Spec.Target.Digest));
        Assert.Single(layout.Layers[1]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Where_few_may_be_submitted_tasks_are_longer(int most)
    {
        var layout = Of([Trials("a", 100)], seconds: 3600, most);

        Assert.InRange(layout.Tasks, 1, most);
        Assert.Equal(100, layout.Layers[0].Sum(task => task.Count));
    }

    [Fact]
    public void A_layer_has_a_task_for_each_of_its_sets_however_few_may_be_submitted() =>
        Assert.Equal(3, Of([[.. Trials("a", 2), .. Trials("b", 2), .. Trials("c", 2)]], seconds: 3600, most: 1).Tasks);

    private static TaskLayout Of(IReadOnlyList<IReadOnlyList<Trial>> layers, double seconds, int most) =>
        TaskLayout.Of(layers, _ => 1000 * seconds, TimeSpan.FromMinutes(1), most);

    private static IReadOnlyList<Trial> Trials(string set, int number, int first = 0) =>
        [.. Enumerable.Range(first, number).Select(seed => new Trial(new TrialSpec { Data = new DataReference { Path = set, Digest = set }, Seed = seed }, "x"))];
}
