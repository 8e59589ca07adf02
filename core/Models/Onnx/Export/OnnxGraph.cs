using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MedTransfer.Models.Onnx.Export;

/// <summary>
/// A model that is being written as an ONNX file: operations in the order in which they run, weights, inputs and outputs. Field numbers are those
/// of onnx.proto, messages ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto. The same calls make the same bytes.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>Types of elements, as TensorProto.DataType numbers them.</summary>
    public const int Float32 = 1, UInt8 = 2, Int64 = 7, Float64 = 11;

    private const int NodeField = 1, InitialiserField = 5, InputField = 11, OutputField = 12;

    private const string Producer = "MedTransfer";

    private readonly List<(int Field, ProtobufMessage Message)> parts = [];
    private readonly HashSet<string> constants = [];
    private readonly Dictionary<string, int> operations = [];
    private readonly Dictionary<string, long> opsets = new() { [""] = 18 };
    private readonly List<ReadOnlyMemory<byte>> functions = [];
    private long version = 8;

    /// <summary>Adds an operation.</summary>
    /// <param name="inputs">Names of what it takes.</param>
    /// <returns>The name of what it makes.</returns>
    public string Node(string kind, IEnumerable<string> inputs, params IEnumerable<OnnxAttribute> attributes) => Named($"{kind}_{Next(kind)}", kind, inputs, attributes);

    /// <summary>The same, making something of that name.</summary>
    public string Named(string output, string kind, IEnumerable<string> inputs, params IEnumerable<OnnxAttribute> attributes)
    {
        var node = new ProtobufMessage();
        foreach (var input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(3, output).Text(4, kind);
        foreach (var attribute in attributes)
            node.Message(5, attribute.Message);
        parts.Add((NodeField, node));
        return output;
    }

    /// <summary>Adds a float32 tensor of a model as a weight of that name, and returns the name.</summary>
    public string Weight(string name, Tensor weight)
    {
        using var scope = NewDisposeScope();
        return Array(name, Float32, weight.shape, weight.detach().cpu().contiguous().bytes.ToArray());
    }

    /// <summary>Adds an array of numbers, row-major, and returns its name.</summary>
    public string Floats(string name, long[] shape, float[] values) => Array(name, Float32, shape, BytesOf(values));

    /// <inheritdoc cref="Floats"/>
    public string Doubles(string name, long[] shape, double[] values) => Array(name, Float64, shape, BytesOf(values));

    /// <summary>A number in double precision, which the file has once: its name.</summary>
    public string Number(double value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"number {value:R}");
        return constants.Add(name) ? Doubles(name, [], [value]) : name;
    }

    /// <summary>A whole number, as what counts and points wants it, which the file has once: its name.</summary>
    public string Index(long value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"index {value}");
        return constants.Add(name) ? Array(name, Int64, [], BytesOf(value)) : name;
    }

    /// <summary>Adds something that has to be given, and returns its name.</summary>
    /// <param name="shape">Lengths of its dimensions, of free ones their names.</param>
    public string Input(string name, int type, params IEnumerable<OnnxDimension> shape) => Value(InputField, name, type, shape);

    /// <summary>Adds what comes out, made by an operation before.</summary>
    /// <param name="shape">Lengths of its dimensions, of free ones their names.</param>
    public void Output(string name, int type, params IEnumerable<OnnxDimension> shape) => Value(OutputField, name, type, shape);

    /// <summary>Adds a part of another graph as it is, an operation or a weight, whose names nothing here has.</summary>
    /// <param name="field">Of GraphProto.</param>
    public void Foreign(int field, ProtobufMessage part) => parts.Add((field, part));

    /// <summary>Takes on another model's versions, so that its parts mean here what they mean there.</summary>
    /// <param name="itsFunctions">Operators that it defines itself: FunctionProto.</param>
    public void Adopt(OnnxModel model, IEnumerable<ReadOnlyMemory<byte>> itsFunctions)
    {
        version = Math.Max(version, model.IrVersion);
        foreach (var (domain, opset) in model.Opsets)
            opsets[domain] = opset;
        functions.AddRange(itsFunctions);
    }

    /// <summary>All of it, as the file has it.</summary>
    /// <param name="metadata">Texts by name that the file carries, written in the order of their names.</param>
    public ProtobufMessage ToModel(IReadOnlyDictionary<string, string> metadata)
    {
        var graph = new ProtobufMessage().Text(2, Producer);
        foreach (var (field, message) in parts.OrderBy(part => part.Field))
            graph.Message(field, message);
        var model = new ProtobufMessage().Number(1, version).Text(2, Producer).Message(7, graph);
        foreach (var (domain, opset) in opsets.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            model.Message(8, new ProtobufMessage().Text(1, domain).Number(2, opset));
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            model.Message(14, new ProtobufMessage().Text(1, key).Text(2, value));
        foreach (var function in functions)
            model.Bytes(25, function);
        return model;
    }

    private int Next(string kind) => operations[kind] = operations.GetValueOrDefault(kind) + 1;

    private string Array(string name, int type, long[] shape, byte[] elements)
    {
        var array = new ProtobufMessage();
        foreach (var length in shape)
            array.Number(1, length);
        parts.Add((InitialiserField, array.Number(2, type).Text(8, name).Bytes(9, elements)));
        return name;
    }

    private string Value(int field, string name, int type, IEnumerable<OnnxDimension> shape)
    {
        var dimensions = new ProtobufMessage();
        foreach (var dimension in shape)
            dimensions.Message(1, dimension.Message);
        var tensor = new ProtobufMessage().Number(1, type).Message(2, dimensions);
        parts.Add((field, new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, tensor))));
        return name;
    }

    private static byte[] BytesOf<T>(params T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}

/// <summary>A dimension of an input or an output.</summary>
/// <param name="Message">As the file has it: TensorShapeProto.Dimension.</param>
internal readonly record struct OnnxDimension(ProtobufMessage Message)
{
    /// <summary>One of that length.</summary>
    public static OnnxDimension Of(long length) => new(new ProtobufMessage().Number(1, length));

    /// <summary>One of any length.</summary>
    public static OnnxDimension Free(string name) => new(new ProtobufMessage().Text(2, name));
}
