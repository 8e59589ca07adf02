namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>Trials as tasks of job arrays: short ones are put together, so that a task takes minutes.</summary>
/// <param name="Layers">By what they wait for: a layer's trials need only trials of layers before it. In each, the trials of every task.</param>
internal sealed record TaskLayout(IReadOnlyList<IReadOnlyList<IReadOnlyList<Trial>>> Layers)
{
    /// <summary>What a trial takes besides its training, in seconds: reading, scoring, writing.</summary>
    private const double SecondsBesides = 1;

    /// <summary>
    /// Millions of multiply-adds forward that a core gets through in a second of training, roughly, backward and step included. Only to tell trials of seconds from those of hours: tasks that take
    /// twice as long as meant, or half, do no harm.
    /// </summary>
    private const double WorkASecond = 1000;

    /// <summary>Tasks in all.</summary>
    public int Tasks => Layers.Sum(layer => layer.Count);

    /// <summary>Lays out trials, each layer in its order.</summary>
    /// <param name="layers">Distinct trials.</param>
    /// <param name="work">Of a trial, see <see cref="TrialRunner.Work"/>.</param>
    /// <param name="length">How long a task is to take, roughly.</param>
    /// <param name="most">Tasks in all at most, but one for each set of a layer: where that is too few, tasks are longer.</param>
    public static TaskLayout Of(IReadOnlyList<IReadOnlyList<Trial>> layers, Func<Trial, double> work, TimeSpan length, int most)
    {
        double Seconds(Trial trial) => SecondsBesides + work(trial) / WorkASecond;
        var seconds = length.TotalSeconds;
        var least = layers.Sum(layer => layer.Select(trial => trial.Spec.Target.Digest).Distinct().Count());
        while (true)
        {
            var layout = new TaskLayout([.. layers.Select(layer => Tasked(layer, Seconds, seconds))]);
            if (layout.Tasks <= Math.Max(most, least))
                return layout;
            seconds *= 1.5;
        }
    }

    // the most work first, so that no long trial begins behind short ones; those of one set together, which is read once a task
    private static List<IReadOnlyList<Trial>> Tasked(IReadOnlyList<Trial> layer, Func<Trial, double> seconds, double length)
    {
        var tasks = new List<IReadOnlyList<Trial>>();
        foreach (var set in layer.GroupBy(trial => trial.Spec.Target.Digest))
        {
            var (task, sum) = (new List<Trial>(), 0.0);
            foreach (var trial in set)
            {
                var takes = seconds(trial);
                if (task.Count > 0 && sum + takes > length)
                {
                    tasks.Add(task);
                    (task, sum) = ([], 0);
                }

                task.Add(trial);
                sum += takes;
            }

            tasks.Add(task);
        }

        return tasks;
    }
}
