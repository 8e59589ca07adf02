using BenchmarkDotNet.Attributes;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Layers;
using MedTransfer.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>The parts of a step of the CNN on one thread, a batch of 64 images at 28 pixels: blocks two and three, and the latent layer, forward and backward.</summary>
public class StepParts
{
    private Conv2d _second = null!, _third = null!;
    private Linear _latent = null!;
    private Tensor _at14 = null!, _at7 = null!, _flat = null!, _to7 = null!, _to3 = null!;

    [GlobalSetup]
    public void Make()
    {
        ComputeDevice.Open("cpu");
        manual_seed(1);
        (_second, _third, _latent) = (nn.Conv2d(16, 32, 3, padding: 1), nn.Conv2d(32, 64, 3, padding: 1), nn.Linear(576, 64));
        _at14 = rand(64, 14, 14, 16).permute(0, 3, 1, 2).requires_grad_();
        _at7 = rand(64, 7, 7, 32).permute(0, 3, 1, 2).requires_grad_();
        _flat = rand(64, 576).requires_grad_();
        // as the layers behind hand them back: a convolution with channels side by side, the latent layer flat
        (_to7, _to3) = (rand(64, 7, 7, 32).permute(0, 3, 1, 2), rand(64, 64, 3, 3));
    }

    [Benchmark]
    public void SecondBlock() => Step(() => PooledConvolution.Of(_second, _at14), _to7);

    [Benchmark]
    public void SecondConvolution() => Step(() => _second.call(_at14));

    [Benchmark]
    public void ThirdBlock() => Step(() => PooledConvolution.Of(_third, _at7), _to3);

    [Benchmark]
    public void ThirdConvolution() => Step(() => _third.call(_at7));

    [Benchmark]
    public void LatentLayer() => Step(() => _latent.call(_flat).relu_());

    private static void Step(Func<Tensor> pass, Tensor? slopes = null)
    {
        using var scope = NewDisposeScope();
        var passed = pass();
        autograd.backward(passed, slopes ?? ones_like(passed));
    }
}

/// <summary>Scoring with the CNN on one thread: time of 128 images at 28 pixels, or 16 at 224, in batches of so many.</summary>
public class ScoringBatches
{
    private Classifier _model = null!;
    private Tensor _images = null!;

    [Params("28 x 128", "28 x 64", "28 x 32", "28 x 16", "224 x 16", "224 x 8", "224 x 4", "224 x 2")]
    public string Batch { get; set; } = "";

    private int Side => int.Parse(Batch.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private int Size => int.Parse(Batch.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);

    [GlobalSetup]
    public void Make()
    {
        ComputeDevice.Open("cpu");
        _model = Classifier.Create(new(), new DatasetInfo("random", LabelTask.BinaryClass, 1, Side, ["no", "yes"]), 0);
        _images = rand(Side == 28 ? 128 : 16, 1, Side, Side).mul(2).sub(1);
    }

    [Benchmark]
    public void Pass()
    {
        using var off = no_grad();
        for (var first = 0L; first < _images.shape[0]; first += Size)
        {
            using var scope = NewDisposeScope();
            _model.call(_images[TensorIndex.Slice(first, first + Size)]);
        }
    }
}
