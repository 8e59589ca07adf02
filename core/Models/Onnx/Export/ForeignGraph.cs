namespace MedTransfer.Models.Onnx.Export;

/// <summary>
/// Another file's graph as a part of one that is being written: its operations and weights as they lie in the file, a prefix before every name, so that
/// none is one of ours.
/// </summary>
internal static class ForeignGraph
{
    /// <summary>The oldest version of ONNX's operators in which all of ours are known.</summary>
    private const long OldestOpset = 11;

    private const string Prefix = "encoder/";

    private const int GraphField = 7, FunctionField = 25;

    /// <summary>What a message of onnx.proto is, or a field of one.</summary>
    private enum Kind
    {
        Kept, Dropped, Name, Graph, Node, Attribute, Tensor, SparseTensor, Value, Type, TensorType, Shape, Dimension,
    }

    /// <summary>Adds it, and returns the name of what comes out.</summary>
    /// <param name="input">The file's name of what it takes.</param>
    /// <param name="values">What it is given.</param>
    /// <param name="output">The file's name of what comes out.</param>
    /// <exception cref="MedTransferException">Its operators are too old to stand beside ours.</exception>
    public static string Add(OnnxGraph graph, OnnxFile file, string input, string values, string output)
    {
        if (file.Model.Opsets.TryGetValue("", out var opset) && opset < OldestOpset)
            throw new MedTransferException($"{file.Path}: its operators are of version {opset}, but beside those of a whole model they must be of {OldestOpset} or newer: export the encoder again with opset 18.");
        graph.Named(Prefix + input, "Identity", [values]);
        var fields = ProtobufField.Of(file.Content).ToLookup(field => field.Number);
        foreach (var field in fields[GraphField].SelectMany(message => ProtobufField.Of(message.Bytes)))
        {
            if (Of(Kind.Graph, field.Number) is var kind and (Kind.Node or Kind.Tensor or Kind.SparseTensor))
                graph.Foreign(field.Number, Renamed(field.Bytes, kind));
        }

        graph.Adopt(file.Model, fields[FunctionField].Select(function => function.Bytes));
        return Prefix + output;
    }

    private static ProtobufMessage Renamed(ReadOnlyMemory<byte> message, Kind of)
    {
        var renamed = new ProtobufMessage();
        foreach (var field in ProtobufField.Of(message))
        {
            switch (Of(of, field.Number))
            {
                case Kind.Dropped: break;
                case Kind.Kept: renamed.Whole(field.Whole); break;
                // an empty name is an input that is left out
                case Kind.Name: renamed.Text(field.Number, field.Bytes.IsEmpty ? "" : Prefix + field.Text); break;
                case var kind: renamed.Message(field.Number, Renamed(field.Bytes, kind)); break;
            }
        }

        return renamed;
    }

    // what is inferred of values, and how they were quantised, nobody needs
    private static Kind Of(Kind message, int field) => (message, field) switch
    {
        (Kind.Graph, 1) => Kind.Node,
        (Kind.Graph, 5) => Kind.Tensor,
        (Kind.Graph, 11 or 12) => Kind.Value,
        (Kind.Graph, 13 or 14) => Kind.Dropped,
        (Kind.Graph, 15) => Kind.SparseTensor,
        (Kind.Node, 1 or 2 or 3) => Kind.Name,
        (Kind.Node, 5) => Kind.Attribute,
        (Kind.Attribute, 6 or 11) => Kind.Graph,
        (Kind.Tensor, 8) => Kind.Name,
        (Kind.SparseTensor, 1) => Kind.Tensor,
        (Kind.Value, 1) => Kind.Name,
        (Kind.Value, 2) => Kind.Type,
        (Kind.Type, 1) => Kind.TensorType,
        (Kind.TensorType, 2) => Kind.Shape,
        (Kind.Shape, 1) => Kind.Dimension,
        (Kind.Dimension, 2) => Kind.Name,
        _ => Kind.Kept,
    };
}
