using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace MedTransfer.Models.Weights;

/// <summary>
/// The JSON at the head of a safetensors file: an object with an entry a tensor, and texts under "__metadata__".
/// A header that was read has been checked: its entries follow each other in the data without a hole or an overlap.
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsHeader.Entry> Entries, OrderedDictionary<string, string> Metadata)
{
    public const string MetadataKey = "__metadata__";

    private static readonly Dictionary<string, SafeTensorType> Types =
        Enum.GetValues<SafeTensorType>().ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>Where a tensor lies: bytes Begin to End (exclusive), counted from the end of the header.</summary>
    public sealed record Entry(string Name, SafeTensorType Type, long[] Shape, long Begin, long End);

    /// <summary>
    /// UTF-8 JSON, filled up with spaces so that the data begins at a multiple of 8 bytes, as its doubles must for other tools.
    /// </summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        // Nothing here ends up in a web page: names of any language stay readable.
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, text) in Metadata)
                    json.WriteString(key, text);
                json.WriteEndObject();
            }

            foreach (var entry in Entries)
                WriteEntry(json, entry);
            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    /// <summary>Reads a header and checks it.</summary>
    /// <param name="dataLength">Bytes of the file after the header.</param>
    /// <exception cref="FormatException">The message says what is wrong, as a sentence without its full stop.</exception>
    public static SafetensorsHeader FromJson(ReadOnlySpan<byte> utf8, long dataLength)
    {
        if (utf8.IsEmpty || utf8[0] != (byte)'{')
            throw new FormatException("its header does not start with '{'");
        if (!Utf8.IsValid(utf8))
            throw new FormatException("its header is not UTF-8");

        try
        {
            var header = Parse(utf8);
            CheckOffsets(header.Entries, dataLength);
            return header;
        }
        catch (JsonException e)
        {
            throw new FormatException($"its header is not JSON ({e.Message.TrimEnd('.')})", e);
        }
        catch (InvalidOperationException e)
        {
            // The JSON reader's word for an escaped half of a surrogate pair.
            throw new FormatException("its header has a text that is not Unicode", e);
        }
    }

    /// <summary>A name from a file as an error may show it: escaped, on one line, not too long.</summary>
    public static string Show(string name)
    {
        var escaped = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
        return escaped.Length <= 80 ? $"'{escaped}'" : $"'{escaped[..79]}…'";
    }

    private static string NameOf(SafeTensorType type) => type.ToString().ToUpperInvariant();

    private static void WriteEntry(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", NameOf(entry.Type));
        json.WriteStartArray("shape");
        foreach (var length in entry.Shape)
            json.WriteNumberValue(length);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Begin);
        json.WriteNumberValue(entry.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static SafetensorsHeader Parse(ReadOnlySpan<byte> utf8)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        var metadata = new OrderedDictionary<string, string>(StringComparer.Ordinal);

        var json = new Utf8JsonReader(utf8);
        json.Read();
        while (NextKey(ref json) is { } name)
        {
            if (!names.Add(name))
                throw new FormatException($"its header has {Show(name)} twice");
            if (name == MetadataKey)
                ReadMetadata(ref json, metadata);
            else
                entries.Add(ReadEntry(ref json, name));
        }

        // Past the closing brace the reader throws at anything but white space.
        json.Read();
        // Stable: arrays without elements keep the header's order.
        return new([.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)], metadata);
    }

    private static void ReadMetadata(ref Utf8JsonReader json, OrderedDictionary<string, string> metadata)
    {
        Expect(ref json, JsonTokenType.StartObject, MetadataKey);
        while (NextKey(ref json) is { } key)
        {
            Expect(ref json, JsonTokenType.String, MetadataKey);
            if (!metadata.TryAdd(key, json.GetString()!))
                throw new FormatException($"its metadata has {Show(key)} twice");
        }
    }

    private static Entry ReadEntry(ref Utf8JsonReader json, string name)
    {
        SafeTensorType? type = null;
        long[]? shape = null, offsets = null;
        Expect(ref json, JsonTokenType.StartObject, name);
        while (NextKey(ref json) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref json, JsonTokenType.String, name);
                    var given = json.GetString()!;
                    type = Types.TryGetValue(given, out var known)
                        ? known
                        : throw new FormatException(
                            $"{Show(name)} has elements of type {Show(given)}, not one of {string.Join(", ", Types.Keys)}");
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref json, name, SafeTensor.MaxDimensions);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref json, name, most: 2);
                    break;
                default:
                    throw new FormatException($"{Show(name)} has {Show(key)}, twice or besides dtype, shape and data_offsets");
            }
        }

        if (type is not { } elements || shape is null || offsets is not [var begin, var end])
            throw new FormatException($"{Show(name)} lacks its dtype, its shape or one of two data_offsets");
        // Not negative, both of them, so the difference cannot overflow.
        if (SafeTensor.BytesOf(elements, shape) != end - begin)
            throw new FormatException(
                $"{Show(name)}, a {NameOf(elements)} of shape [{string.Join(", ", shape)}], cannot be {end - begin} bytes");
        return new(name, elements, shape, begin, end);
    }

    private static long[] ReadNumbers(ref Utf8JsonReader json, string name, int most)
    {
        Expect(ref json, JsonTokenType.StartArray, name);
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var number) || number < 0)
                throw new FormatException($"{Show(name)} has a length or an offset that is not a whole number from 0 to 2^63 - 1");
            if (numbers.Count == most)
                throw new FormatException($"{Show(name)} has more than {most} numbers in a list");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static string? NextKey(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.PropertyName ? json.GetString() : null;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type, string name)
    {
        json.Read();
        if (json.TokenType != type)
            throw new FormatException($"{Show(name)} has a {json.TokenType} where a {type} belongs");
    }

    private static void CheckOffsets(IReadOnlyList<Entry> entries, long dataLength)
    {
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
                throw new FormatException(
                    $"the data of {Show(entry.Name)} begins at byte {entry.Begin}, not at {end} where the one before it ends");
            end = entry.End;
        }

        if (end != dataLength)
            throw new FormatException($"its arrays are {end} bytes, but {dataLength} follow the header");
    }
}
