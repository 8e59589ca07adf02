using MedTransfer.Models.Onnx.Export;
using MedTransfer.Runtime.Native;
using static TorchSharp.torch;

namespace MedTransfer.Models.Onnx;

/// <summary>
/// Somebody's encoder, as ONNX Runtime runs it: images (N, C, S, S) in [-1, 1] to embeddings (N, D). It passes one image at a time, so that an
/// image's embedding does not depend on the others, with the threads of the thread that calls, on the processor whatever the device, and has no
/// gradient. Its one buffer is the digest of its file, so that weights say which encoder they were trained on, and kept embeddings whose they are.
/// </summary>
internal sealed class OnnxEncoder : FeatureLayers
{
    private readonly EncoderGraph graph;
    private readonly OnnxOptions options;
    private readonly FileDigest encoder;
    private OnnxSession? session;

    private OnnxEncoder(EncoderGraph graph, OnnxOptions options)
        : base($"{nameof(OnnxEncoder)} {NativeOnnx.Load()}", graph.Seen, nameof(encoder))
    {
        (this.graph, this.options) = (graph, options);
        encoder = new FileDigest(options.Digest);
        RegisterComponents();
    }

    public static Architecture Entry() => new((options, data) => new OnnxEncoder(EncoderGraph.Of(options, data), options.Onnx!))
    {
        Name = "onnxEncoder",
        Title = "ONNX encoder",
        Description = "the encoder of an ONNX file, which never trains",
        ComesTrained = true,
        MultiplyAdds = 64,   // a guess: that of a ResNet-50
        StagesOf = _ => [new(nameof(encoder), nameof(encoder))],
        RequireFit = (options, data) => EncoderGraph.Of(options, data),
        EmbeddingWidth = (options, data) => EncoderGraph.Of(options, data).Width,
    };

    public override bool TakesBatches(int imageSize) =>
        graph.PassesSideBySide(OnnxFile.Read(options.Path, options.Digest), Seen.ImageSize ?? imageSize);

    /// <inheritdoc/>
    public override int SmallBatchSize(int imageSize) => 1;

    protected override Tensor Pass(Tensor values, int from, int to)
    {
        session ??= new(OnnxFile.Read(options.Path, options.Digest), get_num_threads());
        using var scope = NewDisposeScope();
        var (input, side) = (graph.Input, (int)values.shape[2]);
        var images = (input.ChannelsLast ? values.permute(0, 2, 3, 1) : values).cpu().contiguous();
        var pixels = images.data<float>().ToArray();
        var embeddings = new float[values.shape[0], graph.Width];
        for (var i = 0; i < embeddings.GetLength(0); i++)
        {
            var (output, shape) = session.Run(input.Name, pixels[(i * input.PixelsOf(side))..((i + 1) * input.PixelsOf(side))], input.ShapeOf(side), graph.Output);
            var embedding = EncoderGraph.Pooled(output, shape, input, options);
            if (embedding.Length != graph.Width)
                throw new MedTransferException($"{options.Path}: gives {embedding.Length} values of one image and {graph.Width} of another: name another output.");
            Buffer.BlockCopy(embedding, 0, embeddings, i * graph.Width * sizeof(float), graph.Width * sizeof(float));
        }

        return tensor(embeddings, device: values.device).MoveToOuterDisposeScope();
    }

    protected override string AddLayers(OnnxGraph graph, GraphImages images)
    {
        var (input, values) = (this.graph.Input, images.Name);
        var given = input.ChannelsLast ? graph.Node("Transpose", [values], OnnxAttribute.Of("perm", [0, 2, 3, 1])) : values;
        var output = ForeignGraph.Add(graph, OnnxFile.Read(options.Path, options.Digest), input.Name, given, this.graph.Output);
        return this.graph.Dimensions switch
        {
            2 => output,
            3 when options.Tokens == TokenPooling.First => graph.Node("Gather", [output, graph.Index(0)], OnnxAttribute.Of("axis", 1)),
            3 => graph.MeanOverPlaces(graph.Node("Transpose", [output], OnnxAttribute.Of("perm", [0, 2, 1]))),
            _ => graph.MeanOverPlaces(input.ChannelsLast ? graph.Node("Transpose", [output], OnnxAttribute.Of("perm", [0, 3, 1, 2])) : output),
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            session?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Holds the digest of a file among a model's weights: 32 bytes.</summary>
    private sealed class FileDigest : nn.Module
    {
        public FileDigest(string hexadecimal) : base(nameof(FileDigest)) => register_buffer("digest", tensor(Convert.FromHexString(hexadecimal)));
    }
}
