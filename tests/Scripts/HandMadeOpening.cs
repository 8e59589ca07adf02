using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

/// <summary>The first screen of a page of which something else is tested.</summary>
internal static class HandMadeOpening
{
    public static Report.Opening Of(string question) =>
        new(question, "Nobody's images.", "Nothing was asked.", ListModule.Empty<string>(), "no", "nothing was compared", ListModule.Empty<Report.Box>(), null, ListModule.Empty<string>());
}
