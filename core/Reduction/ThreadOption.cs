namespace MedTransfer.Reduction;

internal static class ThreadOption
{
    /// <summary>Refuses fewer than one thread.</summary>
    internal static void Require(int? threads, string option)
    {
        if (threads < 1)
            throw new MedTransferException($"{option} is {threads}: set it to 1 or more, or leave it out for every core.");
    }
}
