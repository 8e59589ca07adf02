using MedTransfer.Models.Weights;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class StoredTensorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_type_that_a_model_may_hold_survives_its_file_to_the_bit()
    {
        using var model = new Buffers();

        WeightFile.Save(model, folder["weights"]);

        var read = WeightFile.Load(folder["weights"]);
        Assert.Equal(Buffers.Types.Length + 1, read.Count);
        foreach (var (name, value) in model.state_dict())
        {
            using var back = read[name].ToTensor();
            Assert.Equal(value.dtype, back.dtype);
            Assert.Equal(value.shape, back.shape);
            Assert.Equal(value.bytes.ToArray(), back.bytes.ToArray());
        }
    }

    [Fact]
    public void Counter_is_written_as_other_tools_expect_it()
    {
        using var model = new NormalisedFeatures(1);

        WeightFile.Save(model, folder["weights"]);

        var counter = WeightFile.Load(folder["weights"])["features.norm.num_batches_tracked"];
        Assert.Equal((SafeTensorType.I64, 0), (counter.Type, counter.Shape.Length));
    }

    [Fact]
    public void Layer_is_taken_with_its_buffers_or_left_with_them()
    {
        using var source = new NormalisedFeatures(1);
        source.train();
        source.call(ones(3, 5)).Dispose();
        WeightFile.Save(source, folder["weights"]);
        var weights = WeightFile.Load(folder["weights"]);
        using var target = new NormalisedFeatures(2);
        using var untouched = new NormalisedFeatures(2);

        var outcome = FeatureTransfer.Apply(target, weights);

        Assert.Equal(["features.linear", "features.norm"], outcome.Taken);
        Assert.Equal(1, target.state_dict()["features.norm.num_batches_tracked"].item<long>());
        Assert.Equal(source.Features.Bits(), target.Features.Bits());

        using var other = new NormalisedFeatures(2);
        outcome = FeatureTransfer.Apply(other, new Dictionary<string, SafeTensor>(weights) { ["features.norm.running_mean"] = SafetensorsTests.Floats([1], 1) });

        Assert.Equal([new LeftLayer("features.norm", "running_mean is (1), not (4)")], outcome.Left);
        foreach (var (name, value) in other.state_dict().Where(weight => weight.Key.StartsWith("features.norm", StringComparison.Ordinal)))
            Assert.Equal(untouched.state_dict()[name].bytes.ToArray(), value.bytes.ToArray());
    }

    public static TheoryData<SafeTensor?, long> Counters => new()
    {
        { null, 0 },
        { new(SafeTensorType.I64, [], new byte[] { 5, 0, 0, 0, 0, 0, 0, 0 }), 5 },
        { new(SafeTensorType.I32, [], new byte[] { 5, 0, 0, 0 }), 5 },
        { SafetensorsTests.Floats([], 5), 5 },
        { SafetensorsTests.Floats([1], 5), 0 },
    };

    [Theory]
    [MemberData(nameof(Counters))]
    public void Counter_of_batches_may_be_missing_or_of_another_type(SafeTensor? counter, long expected)
    {
        using var source = new NormalisedFeatures(1);
        WeightFile.Save(source, folder["weights"]);
        var weights = new Dictionary<string, SafeTensor>(WeightFile.Load(folder["weights"]));
        weights.Remove("features.norm.num_batches_tracked");
        if (counter is not null)
            weights.Add("features.norm.num_batches_tracked", counter);
        using var target = new NormalisedFeatures(2);

        var outcome = FeatureTransfer.Apply(target, weights);

        Assert.Empty(outcome.Left);
        Assert.Empty(outcome.Adapted);
        Assert.Equal(expected, target.state_dict()["features.norm.num_batches_tracked"].item<long>());
        Assert.Equal(source.state_dict()["features.norm.weight"].bytes.ToArray(), target.state_dict()["features.norm.weight"].bytes.ToArray());
    }

    private sealed class Buffers : nn.Module
    {
        public static readonly ScalarType[] Types =
        [
            ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64,
            ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64,
        ];

        public Buffers() : base(nameof(Buffers))
        {
            foreach (var type in Types)
                register_buffer($"of_{type}", arange(0, 6).reshape(2, 3).to(type));
            register_buffer("none", zeros(0, 3));
        }
    }
}
