using MedTransfer.Recipes;
using MedTransfer.Trials.Timing;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts;

/// <summary>Times that nobody took.</summary>
internal static class HandMadeTimes
{
    /// <summary>Ways of all images, each of so many epochs that take these seconds each, a value a round.</summary>
    public static Times.Timings Of(params (string Way, double Epochs, double[] Rounds)[] ways) => new(
        MapModule.OfSeq(ways.Select(way => Tuple.Create(Tuple.Create(way.Way, TargetSize.AllImages), Way(way.Epochs, way.Rounds)))),
        FSharpOption<Times.TimedWay>.None);

    public static Times.Timings WithPretraining(this Times.Timings times, double epochs, params double[] rounds) =>
        new(times.Ways, FSharpOption<Times.TimedWay>.Some(Way(epochs, rounds)));

    public static Times.TimedWay Way(double epochs, double[] rounds, int parts = 1) => new(
        new TrialTiming { Session = default, Images = 100, TimedImages = 100, Rounds = [.. rounds.Select(seconds => new TimedRound(seconds, seconds))] },
        parts,
        epochs);
}
