using TorchSharp;

namespace MedTransfer.Data;

/// <summary>
/// The labels of a split, which never change: (N, 1) class indices from 0, or (N, L) findings of 0 (absent), 1 (present) or
/// <see cref="Missing"/>; (N, 0) where there are none.
/// </summary>
public sealed class Labels
{
    /// <summary>The value of a finding that is not known for an image.</summary>
    public const byte Missing = byte.MaxValue;

    private readonly byte[] values;

    private Labels(byte[] values, int count, int columns) => (this.values, Count, Columns) = (values, count, columns);

    /// <summary>Number of images, N.</summary>
    public int Count { get; }

    /// <summary>Labels of an image: 1 of classes, L of findings, 0 where there are none.</summary>
    public int Columns { get; }

    /// <summary>The bytes, a row an image, one row after the other.</summary>
    public ReadOnlySpan<byte> Flat => values;

    /// <summary>A copy as a matrix (N, columns).</summary>
    public byte[,] Values
    {
        get
        {
            var matrix = new byte[Count, Columns];
            Buffer.BlockCopy(values, 0, matrix, 0, values.Length);
            return matrix;
        }
    }

    /// <summary>A class index, or a finding.</summary>
    public byte this[int image, int column] => (uint)column < (uint)Columns
        ? values[image * Columns + column]
        : throw new ArgumentOutOfRangeException(nameof(column), column, $"0 to {Columns - 1}");

    /// <summary>How many findings are not known, of all images.</summary>
    public int MissingCount => Flat.Count(Missing);

    /// <summary>Whether any finding of any image is not known.</summary>
    public bool HasMissing => Flat.Contains(Missing);

    /// <summary>Whether that finding of that image is not known.</summary>
    public bool IsMissing(int image, int column) => this[image, column] == Missing;

    /// <summary>Whether any finding of that image is known to be present.</summary>
    public bool AnyPresent(int image) => Row(image).Contains((byte)1);

    /// <summary>Whether any finding of that image is not known.</summary>
    public bool AnyMissing(int image) => Row(image).Contains(Missing);

    /// <summary>The images of which that finding is known, ascending.</summary>
    public IReadOnlyList<int> KnownImages(int column) => [.. Enumerable.Range(0, Count).Where(image => !IsMissing(image, column))];

    /// <summary>Whether no finding of that image is known.</summary>
    public bool AllMissing(int image) => Columns > 0 && !Row(image).ContainsAnyExcept(Missing);

    /// <summary>Whether a label that is known of both images differs.</summary>
    public bool Contradict(int image, int other)
    {
        for (var column = 0; column < Columns; column++)
        {
            if (!IsMissing(image, column) && !IsMissing(other, column) && this[image, column] != this[other, column]) return true;
        }
        return false;
    }

    /// <summary>A copy of a matrix (N, columns).</summary>
    public static Labels Of(byte[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var values = new byte[matrix.Length];
        Buffer.BlockCopy(matrix, 0, values, 0, values.Length);
        return new(values, matrix.GetLength(0), matrix.GetLength(1));
    }

    /// <summary>(N, 0): images without labels.</summary>
    public static Labels Empty(int count) => new([], count, 0);

    /// <summary>The bytes as a tensor: uint8 (N, columns) on the CPU.</summary>
    public torch.Tensor ToTensor() => torch.tensor(values).reshape(Count, Columns);

    /// <summary>The labels of these images, in this order.</summary>
    public Labels Rows(IReadOnlyList<int> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var rows = new byte[checked(images.Count * Columns)];
        for (var row = 0; row < images.Count; row++)
            Row(images[row]).CopyTo(rows.AsSpan(row * Columns));
        return new(rows, images.Count, Columns);
    }

    /// <summary>The labels of two splits one after the other.</summary>
    /// <param name="first">Of as many columns as <paramref name="second"/>.</param>
    public static Labels Joined(Labels first, Labels second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first.Columns == second.Columns ? new([.. first.values, .. second.values], first.Count + second.Count, first.Columns)
            : throw new ArgumentException($"Labels of {first.Columns} and of {second.Columns} columns are not joined", nameof(second));
    }

    private ReadOnlySpan<byte> Row(int image) => Flat.Slice(image * Columns, Columns);
}
