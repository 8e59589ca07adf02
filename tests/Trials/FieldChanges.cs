using System.Collections;
using System.Reflection;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using Architecture = MedTransfer.Models.Architecture;

namespace MedTransfer.Tests.Trials;

/// <summary>Copies of a record in each of which one field has another value, those of the records in it too.</summary>
internal static class FieldChanges
{
    /// <summary>Every field that is not null, by its path, with each other value that is tried; some of them may not be allowed.</summary>
    public static IEnumerable<(string Field, T Changed)> Of<T>(T record)
        where T : class => OfRecord(record).Select(change => (change.Field, (T)change.Changed));

    private static IEnumerable<(string Field, object Changed)> OfRecord(object record)
    {
        foreach (var property in record.GetType().GetProperties().Where(property => property.CanWrite))
        {
            if (property.GetValue(record) is not { } value)
                continue;
            foreach (var (field, other) in Others(value))
            {
                var copy = Clone(record.GetType())!.Invoke(record, null)!;
                property.SetValue(copy, other);
                // what goes to its optimum has no epochs
                yield return (property.Name + field, copy is Phase { ToConvergence: true } phase ? phase with { Epochs = null } : copy);
            }
        }
    }

    private static IEnumerable<(string Field, object? Other)> Others(object value) => value switch
    {
        bool known => [("", !known)],
        int known => [("", known + 1)],
        long known => [("", known + 1)],
        double known => known == 0 ? [("", 0.01)] : [("", known * 1.01), ("", known * 0.99)],
        string known => new[] { "cuda", "head" }.Where(other => other != known).Select(other => ("", (object?)other)),
        Enum => Enum.GetValues(value.GetType()).Cast<object>().Where(other => !other.Equals(value)).Select(other => ("", (object?)other)),
        Architecture known => Architecture.All.Where(other => other != known).Select(other => ("", (object?)other)),
        Objective known => [.. Objective.All.Where(other => other != known).Select(other => ("", (object?)other)), .. OfRecord(known).Select(change => ($".{change.Field}", (object?)change.Changed))],
        IReadOnlyDictionary<string, double> factors => [("", new Dictionary<string, double>(factors) { ["head"] = 0.5 })],
        IList list => OfList(list),
        _ when Clone(value.GetType()) is not null => OfRecord(value).Select(change => ($".{change.Field}", (object?)change.Changed)),
        _ => throw new NotSupportedException($"{value.GetType()} has no other value here"),
    };

    // another first element, and one more or less
    private static IEnumerable<(string Field, object? Other)> OfList(IList list)
    {
        var items = list.Cast<object>().ToList();
        var type = list.GetType().IsArray ? list.GetType().GetElementType()! : list.GetType().GetInterfaces()
            .First(known => known.IsGenericType && known.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)).GetGenericArguments()[0];
        if (items.Count > 1)
        {
            yield return ("", Typed(items.SkipLast(1)));
            yield return ("", Typed(items.Skip(1)));
        }

        if (items.Count == 0)
        {
            if (type == typeof(string))
                yield return ("", Typed(["0edcba9876543210"]));
            yield break;
        }

        foreach (var (field, other) in Others(items[0]))
            yield return (field, Typed(items.Skip(1).Prepend(other!)));

        Array Typed(IEnumerable<object> changed)
        {
            var values = changed.ToList();
            var typed = Array.CreateInstance(type, values.Count);
            for (var i = 0; i < values.Count; i++) typed.SetValue(values[i], i);
            return typed;
        }
    }

    // what "with" calls; records alone have it
    private static MethodInfo? Clone(Type type) => type.GetMethod("<Clone>$");
}
