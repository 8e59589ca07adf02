using System.Text;
using Google.Protobuf;

namespace MedTransfer.Models.Onnx.Export;

/// <summary>A message of a protocol buffer that is being written, field by field; what it is given is kept as it lies, so that weights are not copied from message to message.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<ReadOnlyMemory<byte>> parts = [];

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a whole number.</summary>
    public ProtobufMessage Number(int field, long value) =>
        Written(field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    /// <summary>Adds a single-precision number.</summary>
    public ProtobufMessage Single(int field, float value) => Written(field, WireFormat.WireType.Fixed32, sizeof(float), output => output.WriteFloat(value));

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes, which must not change afterwards.</summary>
    public ProtobufMessage Bytes(int field, ReadOnlyMemory<byte> bytes) => Head(field, bytes.Length).Whole(bytes);

    /// <summary>Adds a message as it is by now.</summary>
    public ProtobufMessage Message(int field, ProtobufMessage message)
    {
        Head(field, message.Length);
        parts.AddRange(message.parts);
        Length += message.Length;
        return this;
    }

    /// <summary>Adds fields that are written already, with what they begin with.</summary>
    public ProtobufMessage Whole(ReadOnlyMemory<byte> fields)
    {
        parts.Add(fields);
        Length += fields.Length;
        return this;
    }

    /// <summary>Writes all of it.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var part in parts)
            stream.Write(part.Span);
    }

    // lengths have 31 bits in protocol buffers; larger ones wrap here, and whoever writes the file looks at the length of the whole
    private ProtobufMessage Head(int field, long length)
    {
        var bits = unchecked((int)length);
        return Written(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeLengthSize(bits), output => output.WriteLength(bits));
    }

    private ProtobufMessage Written(int field, WireFormat.WireType type, int size, Action<CodedOutputStream> value)
    {
        var bytes = new byte[CodedOutputStream.ComputeTagSize(field) + size];
        using var output = new CodedOutputStream(bytes);
        output.WriteTag(field, type);
        value(output);
        return Whole(bytes);
    }
}
