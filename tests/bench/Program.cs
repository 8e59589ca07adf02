using MedTransfer;
using MedTransfer.Bench;

// Measurements, beside what one would use instead.
//   dotnet run --project tests/bench -c Release -- COMMAND [WORDS]
var commands = new (string Name, string Does, Action<string[]> Run)[]
{
    ("reducers", "the reducers beside scikit-learn's, umap-learn and Rtsne: time, memory, trustworthiness", ReducersCommand.Run),
    ("agreement", "whether the reducers say what scikit-learn's say: values, places", AgreementCommand.Run),
    ("fit", "one fit in a process of its own: METHOD X.npy Y.npy THREADS ... (what reducers starts)", FitCommand.Run),
    ("training", "images a second of one training, from scratch and frozen, beside a peer's", TrainingCommand.Run),
    ("backbones", "images a second of a ResNet-18, forward, trained, and its last stage trained, beside PyTorch", BackbonesCommand.Run),
    ("onnx", "images a second of the published ResNet-18: ONNX Runtime, TorchSharp, PyTorch", OnnxCommand.Run),
    ("task2", "wall time of the recipe beside a peer's", Task2Command.Run),
    ("growth", "wall time by seeds, folds, images and workers", GrowthCommand.Run),
    ("memory", "peak memory of a trial at the size of the full ChestMNIST", MemoryCommand.Run),
    ("large", "a set larger than a process is to hold: unpacking, embedding, training, beside the same in memory", LargeCommand.Run),
    ("large-part", "one of these in a process of its own (what large starts)", LargePartCommand.Run),
    ("trial", "one trial in a process of its own: SET WAY EPOCHS THREADS (what training and memory start)", TrialCommand.Run),
    ("checkpoints", "bytes and seconds of a ResNet-50's checkpoints, and by how much a training is slower with them", CheckpointsCommand.Run),
    ("kills", "a training that is killed at random moments, again and again, beside one that is not", KillsCommand.Run),
    ("slurm-kills", "the same with a trial that is submitted to a Slurm cluster whose node this machine is", SlurmKillsCommand.Run),
    ("validity", "whether intervals and verdicts keep what they promise: in simulation, and of a way against itself on real images", ValidityCommand.Run),
    ("penalty", "choice of a converged head's penalty beside scikit-learn's: time, held-out losses", PenaltyCommand.Run),
    ("kernels", "the inner loops alone, by BenchmarkDotNet; its options follow", KernelsCommand.Run),
};

if (args.Length == 0 || commands.All(command => command.Name != args[0]))
{
    Console.Error.WriteLine("usage: dotnet run --project tests/bench -c Release -- COMMAND [WORDS]; commands are");
    foreach (var (name, does, _) in commands) Console.Error.WriteLine($"  {name,-11} {does}");
    return 2;
}
try
{
    commands.First(command => command.Name == args[0]).Run(args[1..]);
    return 0;
}
catch (MedTransferException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return e.IsUsage ? 2 : 1;
}
