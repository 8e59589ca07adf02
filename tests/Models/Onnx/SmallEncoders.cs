using static MedTransfer.Tests.Models.Onnx.OnnxBytes;

namespace MedTransfer.Tests.Models.Onnx;

/// <summary>Encoders of ONNX files whose embeddings one can work out by hand.</summary>
internal static class SmallEncoders
{
    public const int Float32 = 1, Int64 = 7, Float16 = 10;

    /// <summary>Three maps of a convolution of one pixel, (N, C, S, S) to (N, 3, S, S): of pixel p of channel c, the sum of w[d, c] p.</summary>
    public static byte[] Maps(float[] weights, params object[] shape) => Model(
        [Node("Conv", ["images", "w"], "maps")],
        [Floats("w", [3, weights.Length / 3, 1, 1], weights)],
        [Value("images", Float32, shape)],
        [Value("maps", Float32, shape[0], 3, shape[2], shape[3])]);

    /// <summary>The same with channels last, (N, S, S, C) to (N, S, S, 2), weights (C, 2).</summary>
    public static byte[] MapsOfChannelsLast(float[] weights, params object[] shape) => Model(
        [Node("MatMul", ["images", "w"], "maps")],
        [Floats("w", [weights.Length / 2, 2], weights)],
        [Value("images", Float32, shape)],
        [Value("maps", Float32, shape[0], shape[1], shape[2], 2)]);

    /// <summary>Rows of a grey image of 8 pixels a side as tokens, (N, 1, 8, 8) to (N, 8, 8), and with both the whole as one vector (N, 64).</summary>
    public static byte[] Rows(bool both = false) => Model(
        both ? [Node("Reshape", ["images", "three"], "tokens"), Node("Reshape", ["images", "two"], "vector")] : [Node("Reshape", ["images", "three"], "tokens")],
        [Longs("three", 0, 8, 8), Longs("two", 0, 64)],
        [Value("images", Float32, "n", 1, 8, 8)],
        both ? [Value("tokens", Float32, "n", 8, 8), Value("vector", Float32, "n", 64)] : [Value("tokens", Float32, "n", 8, 8)]);
}
