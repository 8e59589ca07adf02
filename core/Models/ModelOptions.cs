namespace MedTransfer.Models;

/// <summary>What model to build. Image size, channels and outputs come from the data.</summary>
public sealed record ModelOptions
{
    /// <summary>Which model; default the study's CNN.</summary>
    public Architecture Architecture { get; init; } = Architecture.ConvNet;

    /// <summary>Width of the CNN's latent layer, 1 to 65,536; default 64. The controls ignore it.</summary>
    public int Latent { get; init; } = 64;

    /// <summary>
    /// Share p of the CNN's embedding that each image loses at every step of training, at least 0 and below 1; default 0 (Srivastava et al.
    /// 2014). Zeroed at random, the rest scaled by 1 / (1 - p), on the way from features to head, so that embeddings are what they are without
    /// it; never when a model predicts. The controls, autoencoders and logistic regression, which takes embeddings as they are, ignore it.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>The options, if every one lies in its range.</summary>
    /// <exception cref="MedTransferException">One does not; the message names it.</exception>
    public ModelOptions Checked() =>
        Latent is not (>= 1 and <= 65_536) ? throw OutOfRange($"The latent width is {Latent}, but must be 1 to 65,536.")
        : Dropout is not (>= 0 and < 1) ? throw OutOfRange($"The dropout is {Dropout}, but must be at least 0 and below 1.")
        : this;

    private static MedTransferException OutOfRange(FormattableString message) => new(FormattableString.Invariant(message)) { IsUsage = true };
}
