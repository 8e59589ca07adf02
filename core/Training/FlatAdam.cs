using MedTransfer.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019) of every parameter, biases too, as PyTorch's AdamW.
/// The parameters and their gradients become views of one buffer each, so that a step of a small network is a handful of native calls however many
/// layers it has, and one of a large network reads each number from memory once. A parameter that got no gradient counts as one whose gradient is 0.
/// </summary>
internal sealed class FlatAdam : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    /// <summary>In floats: every parameter starts at a multiple of 64 bytes, as if it had a buffer of its own; vectorised code asks for it.</summary>
    private const long Alignment = 16;

    /// <summary>In floats: what a step reads and writes of so many stays in a core's cache from one native call to the next.</summary>
    private const long CachedLength = 1 << 15;

    private readonly IReadOnlyList<Parameter> parameters;
    private readonly Tensor weights, gradients, scratch;
    private readonly Tensor? factors;
    private readonly double weightDecay;
    private readonly IReadOnlyList<Block> blocks;

    /// <summary>Moves the parameters, float32 and on one device, into the buffer; they keep their values.</summary>
    /// <param name="rateFactors">What the step size of each parameter is multiplied by; null where that is 1 for all.</param>
    /// <param name="blockLength">How many parameters a native call takes, a multiple of 16, which changes no bit; null for what suits the device.</param>
    public FlatAdam(IReadOnlyList<Parameter> parameters, double weightDecay, IReadOnlyList<double>? rateFactors = null, long? blockLength = null)
    {
        (this.parameters, this.weightDecay) = (parameters, weightDecay);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var length = parameters.Sum(parameter => Aligned(parameter.numel()));
        var most = Math.Min(length, blockLength ?? (parameters[0].device_type == DeviceType.CPU ? CachedLength : length));
        Tensor Buffer() => zeros(length, device: parameters[0].device).DetachFromDisposeScope();
        (weights, gradients, FirstMoment, SecondMoment) = (Buffer(), Buffer(), Buffer(), Buffer());
        scratch = zeros(most, device: parameters[0].device).DetachFromDisposeScope();
        factors = rateFactors is null || rateFactors.All(factor => factor == 1) ? null : Buffer();
        long start = 0;
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            factors?.narrow(0, start, parameter.numel()).fill_(Scalars.Kept(rateFactors![i]));
            var place = weights.narrow(0, start, parameter.numel()).view(parameter.shape);
            place.copy_(parameter);
            parameter.set_(place);
            parameter.grad = gradients.narrow(0, start, parameter.numel()).view(parameter.shape);
            start += Aligned(parameter.numel());
        }

        blocks = [.. Enumerable.Range(0, (int)((length + most - 1) / most)).Select(block => BlockAt(block * most, Math.Min(most, length - block * most)))];
    }

    /// <summary>Running mean of the gradients, of all parameters one after the other.</summary>
    public Tensor FirstMoment { get; }

    /// <summary>Running mean of the squared gradients.</summary>
    public Tensor SecondMoment { get; }

    /// <summary>Steps done; to be set where the moments are.</summary>
    public long Steps { get; set; }

    /// <summary>To be called before each backward pass, which adds to the gradients.</summary>
    public void ZeroGradients()
    {
        using var scope = NewDisposeScope();
        gradients.zero_();
    }

    /// <summary>Moves the parameters by the gradients.</summary>
    /// <param name="rate">The step size.</param>
    public void Step(double rate)
    {
        using var scope = NewDisposeScope();
        Steps++;
        // w -= rate * m' / (sqrt(v') + eps), where m' = m / (1 - beta1^t) and v' = v / (1 - beta2^t), both sides times the square root below
        var correction = Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        // other numbers in every step, alive until it is over
        using Scalar epsilon = Epsilon * correction, kept = 1 - rate * weightDecay, decay = -rate * weightDecay, step = -rate * correction / (1 - Math.Pow(Beta1, Steps));
        foreach (var block in blocks)
        {
            block.FirstMoment.mul_(Scalars.Kept(Beta1)).add_(block.Gradients, Scalars.Kept(1 - Beta1));
            block.SecondMoment.mul_(Scalars.Kept(Beta2)).addcmul_(block.Gradients, block.Gradients, Scalars.Kept(1 - Beta2));
            block.Scratch.copy_(block.SecondMoment).sqrt_().add_(epsilon, Scalars.One);
            if (block.Factors is null)
            {
                if (weightDecay > 0)
                    block.Weights.mul_(kept);
                block.Weights.addcdiv_(block.FirstMoment, block.Scratch, step);
                continue;
            }

            if (weightDecay > 0)
                block.Weights.addcmul_(block.Weights, block.Factors, decay);
            block.Weights.add_(block.Scratch.reciprocal_().mul_(block.FirstMoment).mul_(block.Factors), step);
        }
    }

    /// <summary>The parameters keep their values, and lose their gradients.</summary>
    public void Dispose()
    {
        foreach (var parameter in parameters)
            parameter.grad = null;
        foreach (var block in blocks)
            block.Dispose();
        factors?.Dispose();
        foreach (var buffer in new[] { weights, gradients, scratch, FirstMoment, SecondMoment })
            buffer.Dispose();
    }

    private Block BlockAt(long start, long length)
    {
        Tensor Part(Tensor buffer, long from) => buffer.narrow(0, from, length).DetachFromDisposeScope();
        return new(Part(weights, start), Part(gradients, start), Part(FirstMoment, start), Part(SecondMoment, start), Part(scratch, 0), factors is null ? null : Part(factors, start));
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;

    /// <summary>The same part of every buffer.</summary>
    private sealed record Block(Tensor Weights, Tensor Gradients, Tensor FirstMoment, Tensor SecondMoment, Tensor Scratch, Tensor? Factors) : IDisposable
    {
        public void Dispose()
        {
            foreach (var part in new[] { Weights, Gradients, FirstMoment, SecondMoment, Scratch, Factors })
                part?.Dispose();
        }
    }
}
