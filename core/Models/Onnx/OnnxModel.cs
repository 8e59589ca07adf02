using Google.Protobuf;
using MedTransfer.Models.Weights;

namespace MedTransfer.Models.Onnx;

/// <summary>What an ONNX file says of its model: field numbers are those of onnx.proto, messages ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto.</summary>
/// <param name="IrVersion">Version of the format.</param>
/// <param name="Opsets">Version of the operators by domain; ONNX's own domain is the empty text.</param>
/// <param name="Nodes">Operations, each after what it needs.</param>
/// <param name="Initialisers">Weights by name.</param>
/// <param name="Inputs">What has to be given: no weights.</param>
/// <param name="Outputs">What comes out.</param>
internal sealed record OnnxModel(
    long IrVersion,
    IReadOnlyDictionary<string, long> Opsets,
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyDictionary<string, OnnxTensor> Initialisers,
    IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs)
{
    /// <summary>Texts that the file carries, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = new Dictionary<string, string>();

    /// <summary>The model of a whole file.</summary>
    /// <exception cref="InvalidProtocolBufferException">It ends early, or is no message.</exception>
    /// <exception cref="FormatException">It is a message, but no ONNX model.</exception>
    public static OnnxModel Parse(ReadOnlyMemory<byte> file)
    {
        var (version, opsets, metadata) = (0L, new Dictionary<string, long>(), new Dictionary<string, string>());
        List<OnnxNode> nodes = [];
        List<OnnxTensor> weights = [];
        List<OnnxValue> inputs = [], outputs = [];
        foreach (var field in ProtobufField.Of(file))
        {
            if (field.Number == 1)
                version = (long)field.Value;
            else if (field.Number == 8)
                ReadOpset(field.Bytes, opsets);
            else if (field.Number == 7)
                ReadGraph(field.Bytes);
            else if (field.Number == 14)
                ReadText(field.Bytes, metadata);
        }

        if (version < 1 || opsets.Count == 0 || nodes.Count == 0 || outputs.Count == 0)
            throw new FormatException("it lacks its version, that of its operators, operations or outputs");
        var byName = weights.DistinctBy(weight => weight.Name).ToDictionary(weight => weight.Name);
        return new(version, opsets, nodes, byName, [.. inputs.Where(input => !byName.ContainsKey(input.Name))], outputs) { Metadata = metadata };

        void ReadGraph(ReadOnlyMemory<byte> graph)
        {
            foreach (var field in ProtobufField.Of(graph))
            {
                switch (field.Number)
                {
                    case 1: nodes.Add(OnnxNode.Parse(field.Bytes)); break;
                    case 5: weights.Add(OnnxTensor.Parse(field.Bytes)); break;
                    case 11: inputs.Add(OnnxValue.Parse(field.Bytes)); break;
                    case 12: outputs.Add(OnnxValue.Parse(field.Bytes)); break;
                }
            }
        }
    }

    private static void ReadOpset(ReadOnlyMemory<byte> message, Dictionary<string, long> opsets)
    {
        var fields = ProtobufField.Of(message).ToList();
        // ONNX's own domain has two names
        var domain = fields.Find(field => field.Number == 1).Text;
        opsets[domain == "ai.onnx" ? "" : domain] = (long)fields.Find(field => field.Number == 2).Value;
    }

    private static void ReadText(ReadOnlyMemory<byte> message, Dictionary<string, string> texts)
    {
        var fields = ProtobufField.Of(message).ToList();
        texts[fields.Find(field => field.Number == 1).Text] = fields.Find(field => field.Number == 2).Text;
    }
}

/// <summary>An operation.</summary>
/// <param name="Operator">Which: <c>Conv</c>.</param>
/// <param name="Inputs">Names of what it takes, weights among them.</param>
/// <param name="Outputs">Names of what it makes.</param>
/// <param name="Constants">Arrays among its attributes.</param>
internal sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxTensor> Constants)
{
    public static OnnxNode Parse(ReadOnlyMemory<byte> message)
    {
        var fields = ProtobufField.Of(message).ToLookup(field => field.Number);
        var constants = fields[5].SelectMany(attribute => ProtobufField.Of(attribute.Bytes).Where(field => field.Number == 5));
        return new(fields[4].LastOrDefault().Text, [.. fields[1].Select(name => name.Text)], [.. fields[2].Select(name => name.Text)], [.. constants.Select(tensor => OnnxTensor.Parse(tensor.Bytes))]);
    }
}

/// <summary>An array of a model.</summary>
/// <param name="ElementType">As TensorProto.DataType numbers them: 1 float32, 7 int64, 10 float16, 11 float64.</param>
/// <param name="Shape">Length of each dimension.</param>
/// <param name="Data">Its elements, row-major and little-endian, where they lie in the file as such; else empty.</param>
/// <param name="File">The other file that holds its elements; null where this one does.</param>
internal sealed record OnnxTensor(string Name, int ElementType, long[] Shape, ReadOnlyMemory<byte> Data, string? File)
{
    public const int Float32 = 1;

    public static OnnxTensor Parse(ReadOnlyMemory<byte> message)
    {
        var fields = ProtobufField.Of(message).ToLookup(field => field.Number);
        // single floats, which writers may leave unpacked, are joined; raw_data is one piece
        var pieces = fields[4].Concat(fields[9]).ToList();
        var data = pieces.Count == 1 ? pieces[0].Bytes : pieces.SelectMany(piece => piece.Bytes.ToArray()).ToArray();
        var file = fields[14].LastOrDefault().Value == 1 || fields[13].Any() ? FileOf(fields[13]) : null;
        return new(fields[8].LastOrDefault().Text, (int)fields[2].LastOrDefault().Value, [.. fields[1].SelectMany(length => length.Numbers)], data, file);
    }

    /// <summary>A float32 array as weights are kept; null where it is of another type, or has not as many elements as its shape says.</summary>
    public SafeTensor? AsWeight() =>
        ElementType == Float32 && SafeTensor.BytesOf(SafeTensorType.F32, Shape) == Data.Length ? new(SafeTensorType.F32, Shape, Data) : null;

    private static string FileOf(IEnumerable<ProtobufField> entries) => entries
        .Select(entry => ProtobufField.Of(entry.Bytes).ToLookup(field => field.Number))
        .FirstOrDefault(entry => entry[1].LastOrDefault().Text == "location")?[2].LastOrDefault().Text ?? "another file";
}

/// <summary>An input or an output.</summary>
/// <param name="ElementType">As of <see cref="OnnxTensor"/>; 0 where it is no array.</param>
/// <param name="Shape">Length of each dimension, null where it is free; null where nothing is said of it.</param>
internal sealed record OnnxValue(string Name, int ElementType, IReadOnlyList<long?>? Shape)
{
    public static OnnxValue Parse(ReadOnlyMemory<byte> message)
    {
        var (name, type) = ("", default(ReadOnlyMemory<byte>));
        foreach (var field in ProtobufField.Of(message))
        {
            if (field.Number == 1)
                name = field.Text;
            else if (field.Number == 2)
                type = field.Bytes;
        }

        var tensor = Part(type, 1);
        var element = tensor is { } array ? (int)ProtobufField.Of(array).LastOrDefault(field => field.Number == 1).Value : 0;
        var shape = tensor is { } given ? Part(given, 2) : null;
        return new(name, element, shape is { } dimensions ? [.. ProtobufField.Of(dimensions).Where(field => field.Number == 1).Select(Length)] : null);
    }

    private static ReadOnlyMemory<byte>? Part(ReadOnlyMemory<byte> message, int number) =>
        ProtobufField.Of(message).Where(field => field.Number == number).Select(field => (ReadOnlyMemory<byte>?)field.Bytes).LastOrDefault();

    // a dimension has a length, a name of one that is free, or nothing
    private static long? Length(ProtobufField dimension) =>
        ProtobufField.Of(dimension.Bytes).Where(field => field.Number == 1).Select(field => (long?)field.Value).LastOrDefault() is > 0 and var length ? length : null;
}
