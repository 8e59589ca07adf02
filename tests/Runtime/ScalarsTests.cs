using System.Reflection;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Native;
using TorchSharp;

namespace MedTransfer.Tests.Runtime;

public sealed class ScalarsTests
{
    private const byte Call = 0x28, VirtualCall = 0x6F;

    // the makers of numbers that are kept, or that live until they are disposed of
    private static readonly string[] _keepers = ["<>c.<Kept>", "FlatAdam.Step", "GradientReversal.Of", "TrAdaBoost.Fit"];

    private readonly Dictionary<MethodBase, bool> known = [];

    /// <summary>
    /// Every number on its way into an operation is one that stays alive throughout: seen in the compiled code, as C# converts silently, and in
    /// that of TorchSharp, whose operations make numbers of their own (square() is pow(2)).
    /// </summary>
    [Fact]
    public void No_operation_takes_a_number_that_may_be_collected_meanwhile()
    {
        var makers =
            from type in typeof(Scalars).Assembly.GetTypes()
            from method in type.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).OfType<MethodBase>()
            let name = $"{type.Name}.{method.Name}"
            where !_keepers.Any(keeper => name.StartsWith(keeper, StringComparison.Ordinal))
            from called in Called(method)
            where MakesNumbers(called)
            select $"{name}: {called.DeclaringType?.Name}.{called.Name}";
        var found = makers.Distinct().ToList();
        Assert.True(found.Count == 0, string.Join("; ", found));
    }

    [Fact]
    public void Kept_numbers_are_made_once()
    {
        NativeTorch.Load();
        Assert.Same(Scalars.Kept(0.5), Scalars.Kept(0.5));
        Assert.NotSame(Scalars.Kept(0.5), Scalars.Kept(0.25));
    }

    private bool MakesNumbers(MethodBase called)
    {
        if (called is MethodInfo { Name: "op_Implicit" or "ToScalar", ReturnType.Name: nameof(Scalar) })
            return true;
        if (called.Module != typeof(Scalar).Module)
            return false;
        if (!known.TryGetValue(called, out var makes))
        {
            known[called] = false;   // on its way round
            known[called] = makes = Called(called).Any(MakesNumbers);
        }

        return makes;
    }

    private static IEnumerable<MethodBase> Called(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] is not (Call or VirtualCall))
                continue;
            MethodBase? called = null;
            try
            {
                called = method.Module.ResolveMethod(BitConverter.ToInt32(code, i + 1), method.DeclaringType?.GetGenericArguments(), method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null);
            }
            catch (Exception e) when (e is ArgumentException or BadImageFormatException)
            {
                // an operand that looks like a call
            }

            if (called is not null)
                yield return called;
        }
    }
}
