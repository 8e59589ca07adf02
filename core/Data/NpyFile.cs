namespace MedTransfer.Data;

/// <summary>Single arrays in files of their own.</summary>
public static class NpyFile
{
    /// <summary>A two-dimensional array of any number type as (rows, columns).</summary>
    public static unsafe float[,] ReadMatrix(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () =>
        {
            var reader = new NpyReader(file, file.Length, path);
            var (shape, type) = (reader.Header.Shape, reader.Header.Type);
            if (shape.Count != 2)
                throw new MedTransferException($"{path}: an array of shape {reader.Header.ShapeText}, a matrix (rows, columns) is needed");
            if (shape[0] > int.MaxValue || shape[1] > int.MaxValue || reader.Header.Count > Array.MaxLength)
                throw new MedTransferException($"{path}: {reader.Header.ShapeText} has more elements than fit in one matrix ({Array.MaxLength})");
            var matrix = new float[shape[0], shape[1]];
            fixed (float* target = matrix)
                reader.Read(target, NpyReader.CStrides(shape), (element, _) => (float)type.ToDouble(element));
            return matrix;
        });
    }
}
