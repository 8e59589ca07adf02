using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Repetition;

/// <summary>Something that decides the last bits of a result, and was not the same in two trainings.</summary>
/// <param name="What">What it is, <c>libtorch</c>.</param>
/// <param name="Original">What it was then, or that it is not known.</param>
/// <param name="Repeated">What it is now.</param>
public sealed record MachineDifference(string What, string Original, string Repeated)
{
    private const string Unknown = "not recorded";

    /// <summary>
    /// What two trainings of one spec may have other bits from: the processor's kind, versions of what computes (of .NET without its last number, which
    /// counts repairs), the system, whose mathematical functions they call, device and threads. On a GPU, whichever it is: which one is not
    /// recorded. None where they ran on the same kind of machine.
    /// </summary>
    public static IReadOnlyList<MachineDifference> Between(TrialEnvironment original, TrialEnvironment repeated)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(repeated);
        var found = new List<MachineDifference>();
        void Compare(string what, Func<TrialEnvironment, object?> of)
        {
            var (then, now) = (of(original), of(repeated));
            if (!Equals(then, now))
                found.Add(new(what, $"{then ?? Unknown}", $"{now ?? Unknown}"));
        }

        Compare("processor", environment => environment.Processor?.Kind);
        Compare("libtorch", environment => environment.Libtorch);
        Compare("ONNX Runtime", environment => environment.OnnxRuntime);
        Compare("TorchSharp", environment => environment.TorchSharp);
        Compare("MedTransfer", environment => environment.MedTransfer);
        Compare("runtime", environment => environment.Runtime[..Math.Max(0, environment.Runtime.LastIndexOf('.'))]);
        Compare("system", environment => environment.System);
        Compare("device", environment => environment.Device);
        Compare("threads", environment => environment.Threads);
        if (found.Count == 0 && original.Device != "cpu")
            found.Add(new("GPU", Unknown, Unknown));
        return found;
    }
}
