using TorchSharp;

namespace MedTransfer.Data.Formats;

/// <summary>Single arrays in files of their own.</summary>
public static class NpyFile
{
    /// <summary>A two-dimensional array of any number type as (rows, columns), its elements rounded to single precision.</summary>
    public static unsafe float[,] ReadMatrix(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () =>
        {
            var reader = new NpyReader(file, file.Length, path, ArrayRole.Matrix);
            var (shape, type) = (reader.Header.Shape, reader.Header.Type);
            if (shape.Count != 2)
                throw new MedTransferException($"{path}: an array of shape {reader.Header.ShapeText}, a matrix (rows, columns) is needed");
            if (shape[0] > int.MaxValue || shape[1] > int.MaxValue || reader.Header.Count > Array.MaxLength)
                throw new MedTransferException($"{path}: {reader.Header.ShapeText} has more elements than fit in one matrix ({Array.MaxLength})");
            var matrix = new float[shape[0], shape[1]];
            fixed (float* target = matrix)
                reader.Read(target, NpyReader.CStrides(shape), (element, position) =>
                {
                    var value = type.ToDouble(element);
                    return float.IsInfinity((float)value) && !double.IsInfinity(value)
                        ? throw reader.Refusal(position, element, "more than single precision holds: divide the column by a power of ten")
                        : (float)value;
                });
            return matrix;
        });
    }

    /// <summary>Images of uint8 (N, C, H, W), without labels; the caller disposes of them.</summary>
    public static unsafe Split ReadImages(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () =>
        {
            var reader = new NpyReader(file, file.Length, path, ArrayRole.Images);
            var (shape, type) = (reader.Header.Shape, reader.Header.Type);
            if (shape.Count != 4 || type is not { Kind: NpyKind.UnsignedInteger, Size: 1 })
                throw new MedTransferException($"{path}: {type} of shape {reader.Header.ShapeText}, images are uint8 (N, C, H, W)");
            var bytes = reader.Read((element, _) => element[0]);
            var images = torch.tensor(bytes).reshape([.. shape]);
            return new Split(images.DetachFromDisposeScope(), Labels.Empty((int)shape[0]), null);
        });
    }
}
