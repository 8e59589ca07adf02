using MedTransfer.Evaluation;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

/// <summary>A small model with dropout and batch normalisation, whose validation losses are given; remembers the weights at each validation.</summary>
/// <param name="before">Epochs that another learner has seen already.</param>
internal sealed class ScriptedLearner(IReadOnlyList<double> losses, int before = 0) : ILearner, IDisposable
{
    private readonly nn.Module<Tensor, Tensor> model = Network();
    private readonly Tensor inputs = Inputs();

    public nn.Module Model => model;

    public int Count => 20;

    public Device Device => CPU;

    /// <summary>Digests of the weights after each epoch.</summary>
    public List<string> Bits { get; } = [];

    public BatchLoss Loss(Tensor indices) => model.call(inputs.index_select(0, indices)).sub(1).square().mean();

    public Validation Validate()
    {
        Bits.Add(model.Bits());
        return new Validation(losses[before + Bits.Count - 1], MetricValues.None);
    }

    public void Dispose()
    {
        model.Dispose();
        inputs.Dispose();
    }

    private static nn.Module<Tensor, Tensor> Network()
    {
        manual_seed(3);
        return nn.Sequential(nn.Linear(5, 7), nn.BatchNorm1d(7), nn.ReLU(), nn.Dropout(0.5), nn.Linear(7, 1));
    }

    private static Tensor Inputs()
    {
        manual_seed(4);
        return randn(20, 5);
    }
}
