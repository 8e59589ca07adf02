using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace MedTransfer.Tests.Models.Onnx;

/// <summary>Small ONNX files, written field by field as onnx.proto numbers them.</summary>
internal static class OnnxBytes
{
    /// <summary>How a tensor's floats lie in it.</summary>
    public enum Form
    {
        Raw,
        Packed,
        Single,
    }

    public static byte[] Model(IEnumerable<byte[]> nodes, IEnumerable<byte[]> initialisers, IEnumerable<byte[]> inputs, IEnumerable<byte[]> outputs, long opset = 13, string domain = "") =>
        Message(model =>
        {
            Number(model, 1, 8);
            Text(model, 2, "a test");
            Part(model, 7, Message(graph =>
            {
                foreach (var node in nodes) Part(graph, 1, node);
                Text(graph, 2, "graph");
                foreach (var initialiser in initialisers) Part(graph, 5, initialiser);
                foreach (var input in inputs) Part(graph, 11, input);
                foreach (var output in outputs) Part(graph, 12, output);
            }));
            Part(model, 8, Version(domain, opset));
        });

    /// <summary>The version of a domain's operators, to be put behind a model.</summary>
    public static byte[] Import(string domain, long opset) => Message(model => Part(model, 8, Version(domain, opset)));

    /// <summary>An operator of one input and one output that the model defines itself, to be put behind it.</summary>
    public static byte[] Function(string domain, string name, string input, string output, byte[] node, long opset = 13) => Message(model => Part(model, 25, Message(function =>
    {
        Text(function, 1, name);
        Text(function, 4, input);
        Text(function, 5, output);
        Part(function, 7, node);
        Part(function, 9, Version("", opset));
        Text(function, 10, domain);
    })));

    /// <param name="kind">An operator's name, after its domain and a dot where that is not ONNX's own.</param>
    public static byte[] Node(string kind, string[] inputs, string output, params byte[][] attributes) => Message(node =>
    {
        foreach (var input in inputs) Text(node, 1, input);
        Text(node, 2, output);
        Text(node, 3, $"the {kind} of {output}");
        Text(node, 4, kind[(kind.LastIndexOf('.') + 1)..]);
        foreach (var attribute in attributes) Part(node, 5, attribute);
        Text(node, 7, kind[..Math.Max(kind.LastIndexOf('.'), 0)]);
    });

    public static byte[] Array(string name, byte[] tensor) => Message(attribute =>
    {
        Text(attribute, 1, name);
        Part(attribute, 5, tensor);
        Number(attribute, 20, 4);
    });

    public static byte[] Integer(string name, long value) => Message(attribute =>
    {
        Text(attribute, 1, name);
        Number(attribute, 3, value);
        Number(attribute, 20, 2);
    });

    /// <summary>A graph as an attribute: what an operation does in one case.</summary>
    public static byte[] Branch(string name, byte[] node, byte[] initialiser, byte[] output) => Message(attribute =>
    {
        Text(attribute, 1, name);
        Part(attribute, 6, Message(graph =>
        {
            Part(graph, 1, node);
            Text(graph, 2, name);
            Part(graph, 5, initialiser);
            Part(graph, 12, output);
        }));
        Number(attribute, 20, 5);
    });

    public static byte[] Floats(string name, long[] shape, float[] values, Form form = Form.Raw) => Message(tensor =>
    {
        Shape(tensor, shape, type: 1);
        if (form == Form.Packed)
            Part(tensor, 4, MemoryMarshal.AsBytes<float>(values).ToArray());
        foreach (var value in form == Form.Single ? values : [])
        {
            tensor.WriteTag(4, WireFormat.WireType.Fixed32);
            tensor.WriteFloat(value);
        }

        Text(tensor, 8, name);
        if (form == Form.Raw)
            Part(tensor, 9, MemoryMarshal.AsBytes<float>(values).ToArray());
    });

    public static byte[] Longs(string name, params long[] values) => Message(tensor =>
    {
        Shape(tensor, [values.Length], type: 7);
        Text(tensor, 8, name);
        Part(tensor, 9, MemoryMarshal.AsBytes<long>(values).ToArray());
    });

    /// <summary>One whose elements another file has.</summary>
    public static byte[] External(string name, long[] shape, string file) => Message(tensor =>
    {
        Shape(tensor, shape, type: 1);
        Text(tensor, 8, name);
        Part(tensor, 13, Message(entry =>
        {
            Text(entry, 1, "location");
            Text(entry, 2, file);
        }));
        Number(tensor, 14, 1);
    });

    /// <param name="shape">Lengths, or names of dimensions that are free.</param>
    public static byte[] Value(string name, int type, params object[] shape) => Message(value =>
    {
        Text(value, 1, name);
        Part(value, 2, Message(kind => Part(kind, 1, Message(tensor =>
        {
            Number(tensor, 1, type);
            Part(tensor, 2, Message(dimensions =>
            {
                foreach (var length in shape)
                    Part(dimensions, 1, Message(dimension => Dimension(dimension, length)));
            }));
        }))));
    });

    private static byte[] Version(string domain, long opset) => Message(version =>
    {
        Text(version, 1, domain);
        Number(version, 2, opset);
    });

    private static void Dimension(CodedOutputStream dimension, object length)
    {
        if (length is string name)
            Text(dimension, 2, name);
        else
            Number(dimension, 1, Convert.ToInt64(length, null));
    }

    private static void Shape(CodedOutputStream tensor, long[] shape, int type)
    {
        foreach (var length in shape) Number(tensor, 1, length);
        Number(tensor, 2, type);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string text) => Part(output, field, Encoding.UTF8.GetBytes(text));

    private static void Part(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }
}
