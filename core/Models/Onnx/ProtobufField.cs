using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace MedTransfer.Models.Onnx;

/// <summary>A field of a protocol buffer as it lies in a file: what it means, the message's definition says.</summary>
/// <param name="Number">Which field of its message.</param>
/// <param name="Value">Of a field of one number, its bits; else 0.</param>
/// <param name="Bytes">Of text, bytes, packed numbers or a message in it, all of them; of a single float or double, its bytes; else none.</param>
internal readonly record struct ProtobufField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>All of it as it lies in the message, with what says which field it is.</summary>
    public ReadOnlyMemory<byte> Whole { get; private init; }

    /// <summary>The text, where it is one.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Whole numbers, one or packed.</summary>
    public IEnumerable<long> Numbers => Bytes.IsEmpty ? [(long)Value] : Packed(Bytes);

    /// <summary>The fields of a message in their order, without a copy of their bytes.</summary>
    /// <param name="message">Of an array.</param>
    /// <exception cref="InvalidProtocolBufferException">It ends early, or is no message.</exception>
    /// <exception cref="FormatException">It is of a kind that is not read here.</exception>
    public static IEnumerable<ProtobufField> Of(ReadOnlyMemory<byte> message)
    {
        using var input = Open(message);
        var origin = input.Position;
        for (var start = 0; input.ReadTag() is var tag and not 0; start = Place())
        {
            var (number, at) = (WireFormat.GetTagFieldNumber(tag), Place());
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint:
                    yield return new(number, input.ReadUInt64(), default) { Whole = message[start..Place()] };
                    break;
                case WireFormat.WireType.LengthDelimited:
                    input.SkipLastField();
                    yield return new(number, 0, WithoutLength(message[at..Place()])) { Whole = message[start..Place()] };
                    break;
                case WireFormat.WireType.Fixed32 or WireFormat.WireType.Fixed64:
                    input.SkipLastField();
                    yield return new(number, 0, message[at..Place()]) { Whole = message[start..Place()] };
                    break;
                default:
                    throw new FormatException($"field {number} is a group, which messages no longer have");
            }
        }

        int Place() => (int)(input.Position - origin);
    }

    private static ReadOnlyMemory<byte> WithoutLength(ReadOnlyMemory<byte> field)
    {
        using var input = Open(field);
        return field[^input.ReadLength()..];
    }

    private static List<long> Packed(ReadOnlyMemory<byte> bytes)
    {
        var numbers = new List<long>();
        using var input = Open(bytes);
        while (!input.IsAtEnd)
            numbers.Add(input.ReadInt64());
        return numbers;
    }

    private static CodedInputStream Open(ReadOnlyMemory<byte> message) =>
        MemoryMarshal.TryGetArray(message, out var bytes) ? new(bytes.Array!, bytes.Offset, bytes.Count) : throw new ArgumentException("a message is part of an array", nameof(message));
}
