namespace MedTransfer.Models.Onnx.Export;

/// <summary>A file of <see cref="OnnxExport"/>'s in ONNX Runtime, to be compared with the model that it was made of.</summary>
public sealed class ExportedModel : IDisposable
{
    /// <summary>Images that pass at a time.</summary>
    private const int MostImages = 16;

    private readonly OnnxSession session;
    private readonly int atOnce;

    private ExportedModel(OnnxFile file, int threads)
    {
        if (file.Model is not { Inputs: [{ Name: OnnxExport.Input, ElementType: OnnxGraph.UInt8, Shape: [var batch, _, _, { } channels] }], Outputs: [{ Name: OnnxExport.Output }] })
            throw new MedTransferException($"{file.Path}: does not take raw images and give probabilities: name a file that MedTransfer has exported.");
        (atOnce, Channels, Metadata, Opset) = ((int)(batch ?? MostImages), (int)channels, file.Model.Metadata, (int)file.Model.Opsets[""]);
        session = new(file, threads);
    }

    /// <summary>Channels of the images that it takes: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>The texts that it carries, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Version of ONNX's own operators.</summary>
    public int Opset { get; }

    /// <summary>Loads it.</summary>
    /// <param name="threads">That share the work of an operation.</param>
    /// <exception cref="MedTransferException">It is not there, is damaged or something else, or can't be run.</exception>
    public static ExportedModel Open(string path, int threads = 1) => new(OnnxFile.Read(path), threads);

    /// <summary>Probabilities (N, K) of images of one size.</summary>
    /// <param name="images">N x H x W x C bytes, row-major, 0 black to 255 white.</param>
    /// <exception cref="MedTransferException">It does not take such images.</exception>
    public float[,] Probabilities(byte[] images, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(images);
        var size = height * width * Channels;
        if (size <= 0 || images.Length % size != 0)
            throw new ArgumentException($"{images.Length} bytes are no images of {height} x {width} pixels and {Channels} channels", nameof(images));
        var count = images.Length / size;
        var all = new List<float>();
        for (var start = 0; start < count; start += atOnce)
        {
            var end = Math.Min(start + atOnce, count);
            all.AddRange(session.Run(OnnxExport.Input, images[(start * size)..(end * size)], [end - start, height, width, Channels], OnnxExport.Output).Values);
        }

        var probabilities = new float[count, count == 0 ? 0 : all.Count / count];
        Buffer.BlockCopy(all.ToArray(), 0, probabilities, 0, all.Count * sizeof(float));
        return probabilities;
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
