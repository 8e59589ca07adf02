namespace MedTransfer.Models;

/// <summary>What model to build. Image size, channels and outputs come from the data.</summary>
public sealed record ModelOptions
{
    /// <summary>Which model; default the study's CNN.</summary>
    public Architecture Architecture { get; init; } = Architecture.ConvNet;

    /// <summary>Width of the latent layer of the CNN and of the autoencoder, 1 to 65,536; default 64. The controls ignore it.</summary>
    public int Latent { get; init; } = 64;

    /// <summary>The options, if every one lies in its range.</summary>
    /// <exception cref="MedTransferException">One does not; the message names it.</exception>
    public ModelOptions Checked() => Latent is >= 1 and <= 65_536
        ? this
        : throw new MedTransferException($"The latent width is {Latent}, but must be 1 to 65,536.") { IsUsage = true };
}
