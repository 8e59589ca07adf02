using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

/// <summary>A model in the two named parts, features and head, with normalising layers, whose buffers count and average what they see in training.</summary>
internal sealed class NormalisedFeatures : nn.Module<Tensor, Tensor>
{
    private readonly Sequential features;
    private readonly Linear head;

    public NormalisedFeatures(int seed, int width = 4) : base(nameof(NormalisedFeatures))
    {
        manual_seed(seed);
        features = nn.Sequential(("linear", nn.Linear(5, width)), ("norm", nn.BatchNorm1d(width)));
        head = nn.Linear(width, 2);
        RegisterComponents();
    }

    public nn.Module<Tensor, Tensor> Features => features;

    public override Tensor forward(Tensor inputs) => head.call(features.call(inputs));
}
