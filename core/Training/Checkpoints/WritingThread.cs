namespace MedTransfer.Training.Checkpoints;

/// <summary>Writes beside the training, in a thread of its own, one thing at a time.</summary>
internal sealed class WritingThread : IDisposable
{
    private Task? underWay;

    /// <summary>Begins to write, once what was begun before has ended.</summary>
    /// <exception cref="MedTransferException">That failed; nothing is begun.</exception>
    public void Begin(Action write)
    {
        Wait();
        underWay = Task.Factory.StartNew(write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits for what is on its way; its error comes out here, once.</summary>
    public void Wait()
    {
        var writing = underWay;
        underWay = null;
        writing?.GetAwaiter().GetResult();
    }

    /// <summary>Waits for what is on its way, which may fail: who disposes without <see cref="Wait"/> has an error of its own.</summary>
    public void Dispose() => (underWay as IAsyncResult)?.AsyncWaitHandle.WaitOne();
}
