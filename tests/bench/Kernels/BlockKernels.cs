using BenchmarkDotNet.Attributes;
using MedTransfer.Models.Layers;
using MedTransfer.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>The CNN's first block on one thread, a batch of 64 images at 28 pixels or of 16 at 224: forward alone, and with the gradients of its weights; ours and libtorch's.</summary>
public class BlockKernels
{
    private const int Maps = 16;

    private Conv2d _convolution = null!;
    private Tensor _images = null!, _slopes = null!;

    [Params(28, 224)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Make()
    {
        ComputeDevice.Open("cpu");
        manual_seed(1);
        var count = Side == 28 ? 64 : 16;
        _convolution = nn.Conv2d(1, Maps, 3, padding: 1);
        _images = rand(count, 1, Side, Side).mul(2).sub(1);
        _slopes = rand(count, Side / 2, Side / 2, Maps).permute(0, 3, 1, 2);
    }

    [Benchmark]
    public void Forward() => Passed(PooledConvolution.Of, trains: false);

    [Benchmark]
    public void ForwardByLibtorch() => Passed(PooledConvolution.ByLibtorch, trains: false);

    [Benchmark]
    public void Step() => Passed(PooledConvolution.Of, trains: true);

    [Benchmark]
    public void StepByLibtorch() => Passed(PooledConvolution.ByLibtorch, trains: true);

    private void Passed(Func<Conv2d, Tensor, Tensor> pass, bool trains)
    {
        using var scope = NewDisposeScope();
        using var mode = set_grad_enabled(trains);
        var maps = pass(_convolution, _images);
        if (trains)
            autograd.backward(maps, _slopes);
    }
}
