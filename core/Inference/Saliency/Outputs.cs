using MedTransfer.Models;

namespace MedTransfer.Inference.Saliency;

/// <summary>The classes or findings that a map can be asked of.</summary>
internal static class Outputs
{
    /// <summary>Fails where a model has no such output.</summary>
    public static void Require(Classifier model, int output)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (output < 0 || output >= model.Outputs)
            throw new MedTransferException($"The model has no output {output}, of which a map could be made: name 0 to {model.Outputs - 1}.") { IsUsage = true };
    }
}
