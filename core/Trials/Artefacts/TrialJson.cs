using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MedTransfer.Trials.Artefacts;

/// <summary>How specs and results are written: camel case, enums by name. Values that specs gained later are left out at their default (the property says so), so that names of finished trials stay.</summary>
internal static class TrialJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static JsonSerializerOptions Compact { get; } = new(Options) { WriteIndented = false };

    /// <summary>Compact, without what only says where something is.</summary>
    public static JsonSerializerOptions WithoutWhereabouts { get; } = new(Compact)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Drop<WhereaboutsAttribute> } },
    };

    /// <summary>Compact, without that and without seeds: what all seeds of a way share, but for the names of the trials it needs.</summary>
    public static JsonSerializerOptions WithoutSeeds { get; } = new(Compact)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Drop<WhereaboutsAttribute>, Drop<SeedAttribute> } },
    };

    private static void Drop<TMark>(JsonTypeInfo type)
        where TMark : Attribute
    {
        foreach (var property in type.Properties.Where(property => property.AttributeProvider?.IsDefined(typeof(TMark), inherit: false) == true).ToList())
            type.Properties.Remove(property);
    }
}
