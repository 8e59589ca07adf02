using System.Runtime.InteropServices;

namespace MedTransfer.Runtime;

/// <summary>Too little memory, as those say it that ask for it.</summary>
internal static class MemoryShortage
{
    /// <summary>What was asked for and not given, of whatever made the error: .NET, libtorch on a processor, libtorch on a GPU.</summary>
    public static bool Is(Exception error) =>
        error is OutOfMemoryException
        || error is ExternalException
            && (error.Message.Contains("can't allocate memory", StringComparison.Ordinal) || error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase));
}
