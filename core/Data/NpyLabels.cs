namespace MedTransfer.Data;

/// <summary>Class numbers in a file of their own.</summary>
public static class NpyLabels
{
    /// <summary>Whole numbers of any type, a vector or a single column, one a row; 0 or more each.</summary>
    public static int[] Read(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () =>
        {
            var reader = new NpyReader(file, file.Length, path, ArrayRole.PointLabels);
            var (shape, type) = (reader.Header.Shape, reader.Header.Type);
            if (shape.Count is not (1 or 2) || (shape.Count == 2 && shape[1] != 1))
                throw new MedTransferException($"{path}: an array of shape {reader.Header.ShapeText}, one label a row is needed");
            return reader.Read((element, position) =>
            {
                // Exact for every label there can be; what is not whole, finite or within range differs from its own int.
                var label = type.ToDouble(element);
                if (!(label >= 0 && label <= int.MaxValue && label == Math.Floor(label)))
                    throw reader.Refusal(position, element, "labels are whole numbers from 0: number the classes");
                return (int)label;
            });
        });
    }
}
