using System.Collections.Concurrent;
using MedTransfer.Data;

namespace MedTransfer.Models.Onnx;

/// <summary>How an encoder's file is used for images of some kind.</summary>
/// <param name="Input">What it takes.</param>
/// <param name="Output">Name of the output that is used.</param>
/// <param name="Seen">What it is given of an image.</param>
/// <param name="Dimensions">Of the output: 2 of embeddings, 3 of tokens, 4 of maps.</param>
/// <param name="Width">D, values that describe an image.</param>
internal sealed record EncoderGraph(ImageInput Input, string Output, ModelInput Seen, int Dimensions, int Width)
{
    private static readonly ConcurrentDictionary<(OnnxOptions, ModelInput, int Channels, int ImageSize), EncoderGraph> Known = new();

    /// <summary>Read from the file and tried with a black image; once a process.</summary>
    /// <exception cref="MedTransferException">The file is another than was named, or does not take such images.</exception>
    public static EncoderGraph Of(ModelOptions options, DatasetInfo data)
    {
        var onnx = options.Onnx!;
        return Known.GetOrAdd((onnx, options.SeenAs, data.Channels, data.ImageSize), _ =>
        {
            var file = OnnxFile.Read(onnx.Path, onnx.Digest);
            var input = ImageInput.Of(file);
            var seen = input.On(data, options.SeenAs, onnx.Path);
            var output = OutputOf(file, onnx);
            using var session = new OnnxSession(file, threads: 1);
            var side = seen.SizeOn(data);
            var (values, shape) = session.Run(input.Name, new float[input.PixelsOf(side)], input.ShapeOf(side), output);
            return new(input, output, seen, shape.Length, Pooled(values, shape, input, onnx).Length);
        });
    }

    /// <summary>Fails where the same image would have another embedding each time.</summary>
    /// <exception cref="MedTransferException">An operation draws random numbers.</exception>
    public static void RequireRepeatable(OnnxFile file)
    {
        if (file.Model.Nodes.FirstOrDefault(node => node.Operator.StartsWith("Random", StringComparison.Ordinal) || node.Operator is "Multinomial" or "Bernoulli") is { } drawing)
            throw new MedTransferException($"{file.Path}: draws random numbers ({drawing.Operator}), so that an image has another embedding each time: export the model for inference.");
    }

    /// <summary>The output that is meant.</summary>
    /// <exception cref="MedTransferException">There is no such output, or there are several and none is named.</exception>
    public static string OutputOf(OnnxFile file, OnnxOptions onnx)
    {
        var names = file.Model.Outputs.Select(output => output.Name).ToList();
        if (onnx.Output is null)
            return names.Count == 1 ? names[0] : throw new MedTransferException($"{file.Path}: has {names.Count} outputs: name one of {OneLine.List(names)}.") { IsUsage = true };
        return names.Contains(onnx.Output) ? onnx.Output
            : throw new MedTransferException($"{file.Path}: has no output {OneLine.Quote(onnx.Output)}: name one of {OneLine.List(names)}.") { IsUsage = true };
    }

    /// <summary>
    /// Whether two images that the file is given together come out as each does alone: some take one image and no more, and of those that say that
    /// they take any number some mean one.
    /// </summary>
    /// <param name="side">Pixels.</param>
    public bool PassesSideBySide(OnnxFile file, int side)
    {
        using var session = new OnnxSession(file, threads: 1);
        // two patterns, one bright and one dark
        float[][] images = [Pattern(0.5f), Pattern(-0.5f)];
        var alone = images.SelectMany(image => session.Run(Input.Name, image, Input.ShapeOf(side), Output).Values).ToArray();
        try
        {
            var together = session.Run(Input.Name, (float[])[.. images[0], .. images[1]], Input.ShapeOf(side, images: 2), Output).Values;
            // sums may be taken in another order
            return together.Length == alone.Length && together.Zip(alone).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-3f * (1 + Math.Abs(pair.Second)));
        }
        catch (MedTransferException)
        {
            return false;   // not as many as two
        }

        float[] Pattern(float brightness) => [.. Enumerable.Range(0, Input.PixelsOf(side)).Select(pixel => brightness * (1 + MathF.Sin(pixel)))];
    }

    /// <summary>The embedding of one image: an output (1, D) as it is, of (1, T, D) one token or their mean, of maps the mean over their places.</summary>
    public static float[] Pooled(float[] values, long[] shape, ImageInput input, OnnxOptions onnx)
    {
        if (shape is not [1, ..] || shape.Length is < 2 or > 4 || values.Length == 0)
            throw new MedTransferException($"{onnx.Path}: gives an array of shape ({string.Join(", ", shape)}) of an image, not (1, D), (1, T, D) or maps: name another output.");
        return shape switch
        {
            [_, _] => values,
            [_, _, var width] => onnx.Tokens == TokenPooling.First ? values[..(int)width] : Mean(values, (int)width, valuesOfOne: false),
            _ => Mean(values, (int)(input.ChannelsLast ? shape[3] : shape[1]), valuesOfOne: !input.ChannelsLast),
        };
    }

    // of so many features over their places, summed in double in their order
    private static float[] Mean(float[] values, int features, bool valuesOfOne)
    {
        var places = values.Length / features;
        var means = new float[features];
        for (var feature = 0; feature < features; feature++)
        {
            var sum = 0.0;
            for (var place = 0; place < places; place++)
                sum += values[valuesOfOne ? feature * places + place : place * features + feature];
            means[feature] = (float)(sum / places);
        }

        return means;
    }
}
