namespace MedTransfer.Evaluation;

/// <summary>How a row of pixels is an image: channel after channel, each row after row, as a network gives them.</summary>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Numbers a row holds.</summary>
    public int Pixels => Channels * Height * Width;
}
