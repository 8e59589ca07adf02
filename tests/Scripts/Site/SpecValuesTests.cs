using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Site;

public class SpecValuesTests
{
    [Fact]
    public void A_spec_is_a_value_a_path_and_tells_no_folder()
    {
        var flat = SpecValues.flattened(
            """{"data": {"path": "/home/somebody/set.npz", "second": {"path": "C:\\some\\one.npz"}}, "origin": "published/resnet18", "members": ["a/1", "b"], "none": [], "phases": [{"epochs": null}, {"epochs": 3}], "seed": 4, "on": false}""");
        Assert.Equal(
            ["data.path=set.npz", "data.second.path=one.npz", "origin=published/resnet18", "members=a/1, b", "none=", "phases[1].epochs=3", "seed=4", "on=false"],
            flat.Select(pair => $"{pair.Item1}={pair.Item2}"));
    }

    [Fact]
    public void Only_what_differs_is_kept_each_value_once()
    {
        FSharpList<Tuple<string, string>> Spec(params (string Key, string Value)[] pairs) => ListModule.OfSeq(pairs.Select(pair => Tuple.Create(pair.Key, pair.Value)));

        var keys = SpecValues.differing(ListModule.OfSeq(
            [Spec(("seed", "0"), ("device", "cpu")), Spec(("seed", "1"), ("device", "cpu")), Spec(("seed", "0"), ("device", "cpu"), ("later", "x"))]));

        Assert.Equal(["seed", "later"], keys.Select(key => key.Key));
        Assert.Equal(["0", "1"], keys[0].Values);
        Assert.Equal([0, 1, 0], keys[0].Of);
        Assert.Equal(["", "x"], keys[1].Values);
        Assert.Equal([0, 0, 1], keys[1].Of);
    }
}
