using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Which layers of a model run as they do while it trains, which differs from how it predicts for dropout and batch norm.</summary>
internal static class TrainingMode
{
    /// <summary>
    /// Wakes the model, but for parts in which nothing trains, and for what normalises these layers: it runs as when it predicts, so that
    /// running means and variances keep their bits and are what images are normalised by. To be called before each epoch, as validation
    /// puts all to rest.
    /// </summary>
    /// <param name="keptStatistics">Names of layers; batch norms among them keep their statistics though their weights may train.</param>
    public static void Begin(nn.Module model, IReadOnlyList<string> keptStatistics)
    {
        model.train();
        RestFrozen(model);
        foreach (var (_, layer) in model.named_modules().Where(part => part.module is BatchNorm && keptStatistics.Contains(part.name)))
            layer.eval();
    }

    /// <summary>Whether some layer normalises a batch by the batch's own mean and variance: these need two images at least.</summary>
    public static bool NormalisesByBatch(nn.Module model) => model.modules().Any(part => part is BatchNorm { training: true });

    // a part in which nothing trains runs as it does when it predicts, or its normalising layers would go on counting their running means;
    // after every train(), which wakes all parts
    private static void RestFrozen(nn.Module part)
    {
        var weights = part.parameters().ToList();
        if (weights.Exists(weight => weight.requires_grad))
        {
            foreach (var child in part.children())
                RestFrozen(child);
        }
        else if (weights.Count > 0)
        {
            part.eval();
        }
    }
}
