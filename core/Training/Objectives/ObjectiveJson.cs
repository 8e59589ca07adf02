using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MedTransfer.Training.Objectives;

/// <summary>An objective as specs have it: its name where it has no options, else <c>{ "name": ..., }</c> and its options.</summary>
internal sealed class ObjectiveJson : JsonConverter<Objective>
{
    private const string NameKey = "name";

    /// <inheritdoc/>
    public override Objective Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return Named(reader.GetString()!);
        if (JsonNode.Parse(ref reader) is not JsonObject given || given[NameKey] is not JsonValue called || !called.TryGetValue<string>(out var name))
            throw new JsonException("an objective is a name, or one with options");
        given.Remove(NameKey);
        return (Objective)given.Deserialize(Named(name).GetType(), options)!;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Objective value, JsonSerializerOptions options)
    {
        var content = (JsonObject)JsonSerializer.SerializeToNode(value, value.GetType(), options)!;
        if (content.Count == 0)
        {
            writer.WriteStringValue(value.Name);
            return;
        }

        content.Insert(0, NameKey, value.Name);
        content.WriteTo(writer, options);
    }

    private static Objective Named(string name) =>
        Objective.All.FirstOrDefault(entry => entry.Name == name) ?? throw new JsonException($"there is no objective '{name}': it is one of {string.Join(", ", Objective.All)}");
}
