using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts;

/// <summary>What a run in this process returned, and what it wrote to standard output and standard error.</summary>
internal sealed record CapturedRun(int Code, string Screen, string Errors)
{
    public static CapturedRun Of(Func<int> run)
    {
        var (screen, errors) = (Console.Out, Console.Error);
        using StringWriter shown = new(), said = new();
        Console.SetOut(shown);
        Console.SetError(said);
        try
        {
            var code = run();
            return new(code, shown.ToString().ReplaceLineEndings("\n"), said.ToString().ReplaceLineEndings("\n"));
        }
        finally
        {
            Console.SetOut(screen);
            Console.SetError(errors);
        }
    }

    /// <summary>Of a recipe whose body is to fail no assertion.</summary>
    public static CapturedRun Of(Experiment experiment, IEnumerable<string> words, Action<Lab> body)
    {
        Exception? failure = null;
        var run = Of(() => Recipe.run(
            experiment, ListModule.OfSeq(words), TestContext.Current.CancellationToken, FuncConvert.FromAction<Lab>(lab => failure = Record.Exception(() => body(lab)))));
        Assert.Null(failure);
        return run;
    }
}
