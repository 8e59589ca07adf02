namespace MedTransfer;

/// <summary>
/// An error the user can act on. Its message is one line that names what was wrong, where, and what to do;
/// it is all that is shown unless the user asks for details.
/// </summary>
public sealed class MedTransferException : Exception
{
    public MedTransferException(string message) : base(message) { }

    public MedTransferException(string message, Exception inner) : base(message, inner) { }

    /// <summary>True where the command line itself was wrong: the process then ends with 2, otherwise with 1.</summary>
    public bool IsUsage { get; init; }

    /// <summary>Type, message, stack and causes: what is shown where the user asks for details.</summary>
    public string Details => base.ToString();

    /// <summary>The one line: what the REPL shows of an error that nobody caught.</summary>
    public override string ToString() => $"error: {Message}";

    /// <summary>An error that nobody foresaw, in one line: its type and its message, without the stack that libtorch adds to its own.</summary>
    public static string OfUnforeseen(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return $"{error.GetType().Name}: {error.Message.Split('\n')[0].TrimEnd('\r', '.')}";
    }
}
