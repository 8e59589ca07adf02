using System.Globalization;

namespace MedTransfer.Data.Formats;

/// <summary>
/// Parser of a header's text, a Python dictionary: <c>{'descr': '&lt;u1', 'fortran_order': False, 'shape': (3, 4), }</c>.
/// It reads the three entries in any order and nothing else.
/// </summary>
internal sealed class NpyHeaderText(string text, string where, ArrayRole role)
{
    private int position;

    public NpyHeader Parse()
    {
        NpyType? type = null;
        bool? fortranOrder = null;
        List<long>? shape = null;

        Expect('{');
        while (!TryTake('}'))
        {
            var key = String();
            Expect(':');
            switch (key)
            {
                case "descr" when type is null: type = Type(); break;
                case "fortran_order" when fortranOrder is null: fortranOrder = Boolean(); break;
                case "shape" when shape is null: shape = Shape(); break;
                default: throw Damaged($"an unexpected entry {OneLine.Quote(key)}");
            }
            if (!TryTake(',')) { Expect('}'); break; }
        }
        if (!text.AsSpan(position).Trim().IsEmpty) throw Damaged("text after its end");
        return type is { } t && fortranOrder is { } f && shape is { } s
            ? new NpyHeader(t, f, s)
            : throw Damaged("no 'descr', 'fortran_order' or 'shape'");
    }

    private NpyType Type()
    {
        if (Next() is '[' or '(')
            throw new MedTransferException($"{where}: records (a structured type) cannot be read; save each field by itself");
        var descr = String();
        if (NpyType.TryParse(descr) is { } type && (!type.IsText || role.AllowsText())) return type;
        var what = descr.EndsWith('O') ? "Python objects (pickled)" : $"type {OneLine.Quote(descr)}";
        throw new MedTransferException($"{where}: {what} cannot be read; {role.HowToSave()}");
    }

    private bool Boolean()
    {
        foreach (var (word, value) in new[] { ("True", true), ("False", false) })
        {
            if (Next() != word[0] || !text.AsSpan(position).StartsWith(word)) continue;
            position += word.Length;
            return value;
        }
        throw Damaged("'fortran_order' that is neither True nor False");
    }

    private List<long> Shape()
    {
        var shape = new List<long>();
        Expect('(');
        while (!TryTake(')'))
        {
            shape.Add(Number());
            if (TryTake(',')) continue;
            // Without its comma, (3) is a number in Python and not a shape.
            if (shape.Count == 1) throw Damaged("a 'shape' that is not a tuple");
            Expect(')');
            break;
        }
        return shape;
    }

    private long Number()
    {
        Next();
        var start = position;
        while (position < text.Length && (char.IsAsciiDigit(text[position]) || position == start && text[position] == '-')) position++;
        if (!long.TryParse(text.AsSpan(start, position - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Damaged("a 'shape' that is not made of whole numbers");
        if (number < 0) throw Damaged($"a negative length in 'shape', {number}");
        if (position < text.Length && text[position] == 'L') position++; // Python 2 wrote long integers so
        return number;
    }

    private string String()
    {
        var quote = Next();
        if (quote is not ('\'' or '"')) throw Damaged("a missing string");
        var end = text.IndexOf(quote, position + 1);
        if (end < 0) throw Damaged("a string without an end");
        var content = text[(position + 1)..end];
        position = end + 1;
        return content;
    }

    private char Next()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position])) position++;
        return position < text.Length ? text[position] : '\0';
    }

    private bool TryTake(char symbol)
    {
        if (Next() != symbol) return false;
        position++;
        return true;
    }

    private void Expect(char symbol)
    {
        if (!TryTake(symbol)) throw Damaged($"no '{symbol}' where one belongs");
    }

    private MedTransferException Damaged(string what) =>
        new($"{where}: the header has {what}; the file is damaged, or was not written by NumPy");
}
