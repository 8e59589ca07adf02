namespace MedTransfer.Data.Formats;

/// <summary>Turns the bytes of one element into a value.</summary>
/// <param name="position">Place of the element in the file, counted from 0, for <see cref="NpyReader.Refusal"/>.</param>
internal delegate T NpyDecoder<out T>(ReadOnlySpan<byte> element, long position);

/// <summary>
/// The elements of one array, read from front to back. Memory is taken only after header and byte count were found to agree, and is
/// left untouched (so not yet real) until bytes arrive for it.
/// </summary>
internal sealed unsafe class NpyReader
{
    private const int ChunkBytes = 1 << 16;
    private readonly Stream stream;
    private readonly string where;

    // elements read so far
    private long position;

    /// <param name="length">Bytes that the array's file has in all.</param>
    /// <param name="where">File and key, for messages.</param>
    /// <param name="role">What the array is for: text is refused but for labels.</param>
    public NpyReader(Stream stream, long length, string where, ArrayRole role)
    {
        (this.stream, this.where) = (stream, where);
        Header = NpyHeader.Read(stream, where, role);
        if (Header.DataBytes != length - Header.Length)
        {
            throw new MedTransferException($"{where}: {length - Header.Length} bytes of data where {Header.ShapeText} {Header.Type} "
                + $"takes {Header.DataBytes}; the file is damaged or truncated: copy or download it again");
        }
    }

    public NpyHeader Header { get; }

    /// <summary>All elements in C order.</summary>
    public T[] Read<T>(NpyDecoder<T> decode) where T : unmanaged
    {
        if (Header.Count > Array.MaxLength)
            throw new MedTransferException($"{where}: {Header.ShapeText} has more elements than fit in one array ({Array.MaxLength})");
        var values = GC.AllocateUninitializedArray<T>((int)Header.Count);
        fixed (T* target = values) Read(target, CStrides(Header.Shape), decode);
        return values;
    }

    /// <summary>Puts element (i, j, ...) at target[i * strides[0] + j * strides[1] + ...].</summary>
    /// <param name="rows">So many of the first axis, in C order those that follow the ones read before, the first of them at target[0]; null for all.</param>
    public void Read<T>(T* target, ReadOnlySpan<long> strides, NpyDecoder<T> decode, long? rows = null) where T : unmanaged
    {
        var size = Header.Type.Size;
        var walk = new Walk(Header, strides);
        var end = EndOf(rows);
        // whole elements only; of text, one may take more than a chunk
        Span<byte> chunk = new byte[Math.Min(Math.Max(ChunkBytes / size, 1) * (long)size, (end - position) * size)];
        while (position < end)
        {
            var filled = chunk[..(int)Math.Min(chunk.Length, (end - position) * size)];
            stream.ReadExactly(filled);
            for (; !filled.IsEmpty; filled = filled[size..])
            {
                target[walk.Offset] = decode(filled[..size], position++);
                walk.Advance();
            }
        }
    }

    /// <summary>As <see cref="Read{T}(T*, ReadOnlySpan{long}, NpyDecoder{T}, long?)"/>, for bytes that need no decoding.</summary>
    public void ReadRaw(byte* target, ReadOnlySpan<long> strides, long? rows = null)
    {
        if (Header.FortranOrder || !strides.SequenceEqual(CStrides(Header.Shape)))
        {
            Read(target, strides, (element, _) => element[0], rows);
            return;
        }
        for (var end = EndOf(rows); position < end;)
        {
            var part = new Span<byte>(target, (int)Math.Min(1 << 20, end - position));
            stream.ReadExactly(part);
            position += part.Length;
            target += part.Length;
        }
    }

    /// <summary>Steps in elements between neighbours along each axis, the last index fastest.</summary>
    public static long[] CStrides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var step = 1L;
        for (var axis = shape.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= shape[axis];
        }
        return strides;
    }

    /// <summary>The error for an element that cannot be used: file, key, index, value, and what to do.</summary>
    public MedTransferException Refusal(long position, ReadOnlySpan<byte> element, string advice) =>
        new($"{where}{IndexOf(position)} is {Header.Type.Show(element)}: {advice}");

    /// <summary>The index of the element at a place in the file, as Python writes it: <c>[4, 2]</c>.</summary>
    public string IndexOf(long position)
    {
        var index = new long[Header.Shape.Count];
        for (var step = 0; step < index.Length; step++)
        {
            var axis = Header.FortranOrder ? step : index.Length - 1 - step;
            (position, index[axis]) = Math.DivRem(position, Header.Shape[axis]);
        }
        return $"[{string.Join(", ", index)}]";
    }

    private long EndOf(long? rows) => rows is { } some ? position + some * (Header.Count / Header.Shape[0]) : Header.Count;

    /// <summary>The place in memory of one element after the other, in the order in which the file holds them.</summary>
    private sealed class Walk
    {
        // Fastest axis first.
        private readonly long[] lengths, strides, index;

        public Walk(NpyHeader header, ReadOnlySpan<long> strides)
        {
            (lengths, this.strides, index) = ([.. header.Shape], strides.ToArray(), new long[header.Shape.Count]);
            if (header.FortranOrder) return;
            Array.Reverse(lengths);
            Array.Reverse(this.strides);
        }

        public long Offset { get; private set; }

        public void Advance()
        {
            for (var axis = 0; axis < index.Length; axis++)
            {
                Offset += strides[axis];
                if (++index[axis] < lengths[axis]) return;
                Offset -= strides[axis] * lengths[axis];
                index[axis] = 0;
            }
        }
    }
}
