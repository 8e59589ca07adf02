namespace MedTransfer.Models.Onnx.Export;

/// <summary>Images in a graph: float32 (N, C, S, S).</summary>
/// <param name="Name">Of the values.</param>
/// <param name="Channels">C.</param>
/// <param name="Side">S, pixels.</param>
internal readonly record struct GraphImages(string Name, int Channels, int Side);
