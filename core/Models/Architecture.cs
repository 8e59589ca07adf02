namespace MedTransfer.Models;

/// <summary>The models a trial can train, each a pair of parts: features, then a linear head.</summary>
public enum Architecture
{
    /// <summary>The study's small CNN: three convolutions and a latent layer.</summary>
    ConvNet,

    /// <summary>No features of its own: a linear model on the raw pixels. A control.</summary>
    PixelRegression,

    /// <summary>Nothing of the image: the head's bias alone, which learns how frequent each class is. A control.</summary>
    MajorityClass,
}
