namespace MedTransfer.Data.Phantoms;

/// <summary>
/// Phantoms side by side: two healthy adults, one with each finding and nothing else (the clearest of a few), then a row of healthy
/// children and a row with pneumonia.
/// </summary>
internal static class ContactSheet
{
    private const int Columns = 8, Gap = 3, Background = 255;
    private const int Candidates = 6;

    public static byte[] Png(int size)
    {
        var cells = Cells().ToList();
        var rows = (cells.Count + Columns - 1) / Columns;
        var (width, height) = (Columns * (size + Gap) + Gap, rows * (size + Gap) + Gap);
        var sheet = new byte[width * height];
        Array.Fill(sheet, (byte)Background);
        Parallel.For(0, cells.Count, cell =>
        {
            var picture = cells[cell].Take(size);
            var (left, top) = (Gap + cell % Columns * (size + Gap), Gap + cell / Columns * (size + Gap));
            for (var row = 0; row < size; row++) picture.AsSpan(row * size, size).CopyTo(sheet.AsSpan((top + row) * width + left));
        });
        return Formats.Png.Encode(sheet, width, height, channels: 1);
    }

    private static IEnumerable<Radiograph> Cells()
    {
        var chest = new Clinic(new(PhantomKind.Chest, 28), SplitName.Train);
        var adults = Enumerable.Range(0, chest.Patients.Length);
        foreach (var image in adults.Where(image => chest.Radiograph(image).Findings.Count == 0).Take(2)) yield return chest.Radiograph(image);
        foreach (var kind in chest.Kinds)
        {
            yield return adults.Where(image => chest.Labels[image, (int)kind] == 1).Take(Candidates)
                .Select(image => Only(kind, chest.Radiograph(image))).MaxBy(radiograph => Change(radiograph, kind))!;
        }

        var children = new Clinic(new(PhantomKind.Pneumonia, 28), SplitName.Train);
        for (var label = 0; label < 2; label++)
        {
            foreach (var image in Enumerable.Range(0, children.Patients.Length).Where(image => children.Labels[image, 0] == label).Take(Columns))
                yield return children.Radiograph(image);
        }
    }

    private static Radiograph Only(FindingKind kind, Radiograph radiograph) =>
        radiograph with { Findings = new Dictionary<FindingKind, Finding> { [kind] = radiograph.Findings[kind] } };

    // Grey levels that the finding changes in all, at the smallest size.
    private static int Change(Radiograph radiograph, FindingKind kind) =>
        radiograph.Take(28).Zip(radiograph.Take(28, kind), (with, without) => Math.Abs(with - without)).Sum();
}
