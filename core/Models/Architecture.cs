namespace MedTransfer.Models;

/// <summary>The models a trial can train: classifiers, each a pair of features and a linear head, and an autoencoder.</summary>
public enum Architecture
{
    /// <summary>The study's small CNN: three convolutions and a latent layer.</summary>
    ConvNet,

    /// <summary>No features of its own: a linear model on the raw pixels. A control.</summary>
    PixelRegression,

    /// <summary>Nothing of the image: the head's bias alone, which learns how frequent each class is. A control.</summary>
    MajorityClass,

    /// <summary>One feature, the mean of an image's pixels: is brightness alone enough? A control.</summary>
    MeanBrightness,

    /// <summary>The small CNN's features and a decoder that draws the image again: learns without labels.</summary>
    Autoencoder,
}
