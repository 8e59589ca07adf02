using Deedle;
using MedTransfer.Data.Formats;
using MedTransfer.Evaluation.Intervals;
using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Section = MedTransfer.Recipes.Report.Section;

namespace MedTransfer.Tests.Scripts.Reports;

/// <summary>A page with every part that pages have, and a name in every text of it.</summary>
internal static class HandMadePage
{
    public const string Ordinary = "Frozen layers";
    public const string Hostile = "</script><img src=x onerror=alert(1)>";
    public const string Unbroken = "resnet18_pretrained_on_chest_xrays_then_frozen_up_to_the_last_block_and_trained_with_every_image_there_is_of_both_hospitals";

    /// <summary>In the order in which they stand.</summary>
    public static readonly string[] Headings = ["scores", "curves", "images", "details", "once more"];

    public static void Write(string path, string name) => Page.write(path, $"Report on {name}", Sections(name));

    public static FSharpList<Section> Sections(string name) =>
    [
        Section.NewOpening(Opening(name)),
        Heading(name, 0),
        Section.NewText($"{name}: trained from the start, frozen, and fine-tuned, with every seed that the others have."),
        Section.NewWarning($"{name}: of few images."),
        Section.NewConclusion("conclusion.txt", $"{name} does better.\nIt is not known why."),
        Section.NewAbsent($"{name}: too few sizes for a curve."),
        Section.NewTable("scores", $"{name}: mean over seeds", Wide(name)),
        Section.NewTable("sorted", $"{name}: to be sorted", Sorted()),
        Section.NewWordTable("claims", $"{name}: claims", Words(name)),
        Heading(name, 1),
        Section.NewCharts($"{name}: over epochs and images", [Curves(name), BySize(name), Map(name, 3), Map(name, 20)]),
        Section.NewHoverPictures("pictures-of-points", [.. Enumerable.Range(0, 18).Select(Shade)]),
        Section.NewCharts($"{name}: whose points are images", [new(Map(name, 3).Chart, $"{name}: points", "pictures-of-points", isMap: true)]),
        Section.NewCharts($"{name}: three pairs", [.. Enumerable.Repeat(3, 6).Select(classes => Map(name, classes))]),
        Section.NewFlow($"{name}: where images go", new(
            $"{name}: 90 images", [$"left out: 2 files ({name})"], [new("train", "60 images", [Tuple.Create(name, 40), Tuple.Create("others", 20)]), new("test", "30 images", [])])),
        Heading(name, 2),
        Section.NewPictures($"{name}: pictures", [Tuple.Create<string, FSharpList<byte[]>>(name, [Picture, Picture, Picture])]),
        Section.NewCases($"{name}: cases", [new(name, [Picture], [$"{name}: probability 0.93"], [$"{name}: label in doubt"])]),
        Heading(name, 3),
        Section.NewFolded($"{name}: folded", [Section.NewTable("folded", name, Wide(name)), Section.NewCharts(name, [Curves(name)]), Switched(name)]),
        Switched(name),
        Section.NewCommand($"dotnet fsi scripts/task2.fsx -- {string.Join(' ', Enumerable.Repeat($"--way '{name}'", 20))} --data /{new string('d', 300)}"),
        Section.NewAttachment("card.md", $"{name}: the model's card:", "nothing"),
        Heading(name, 4),
        Section.NewText("The end."),
    ];

    private static Section Heading(string name, int place) => Section.NewHeading($"{name}: {Headings[place]}");

    private static Report.Opening Opening(string name) => new(
        $"Does {name} help on few images of children's lungs, and should the layers be frozen?",
        $"{name} (normal, pneumonia), 28 x 28 pixels: 624 test images, 6 seeds.",
        $"{name} does better than no transfer: test ROC AUC +0.031 [0.012, 0.050], p .004, with 50 images.",
        [$"With 100 images: {name} 0.871, no transfer 0.866, difference +0.005 [-0.010, +0.020]."],
        "not yet",
        $"{name} has 6 seeds of 24",
        [
            new("Gain in test ROC AUC", "+0.031 [0.012, 0.050]", $"{name} minus no transfer, 6 seeds"),
            new("Images it is worth", "120 [80, 210]", $"that no transfer needs for the mean AUC that {name} has with 50"),
            new("Best control", "0.847", $"random layers, {name} is 0.012 above"),
        ],
        new Report.Estimation(
            "test ROC AUC",
            [Seeds("no transfer", .82), Seeds(name, .85), Seeds("fine-tuned", .86)],
            [
                Tuple.Create<string, double, FSharpOption<Interval>?>($"{name} minus no transfer", .031, new Interval(.012, .050)),
                Tuple.Create<string, double, FSharpOption<Interval>?>("fine-tuned minus no transfer", .040, new Interval(.018, .062)),
            ],
            .02),
        [$"{name}: patients are not known, images of one may be in both splits."]);

    private static Tuple<string, FSharpList<Tuple<int, double>>> Seeds(string way, double mean) =>
        Tuple.Create(way, ListModule.OfSeq(Enumerable.Range(0, 6).Select(seed => Tuple.Create(seed, mean + .004 * (seed * 5 % 7)))));

    private static Frame<string, string> Wide(string name) => Table.ofRows(
        ListModule.OfSeq(Enumerable.Range(0, 12).Select(column => column == 3 ? name : $"test AUC of {column}")),
        ListModule.OfSeq(Enumerable.Range(0, 5).Select(row => Tuple.Create(
            $"{name} {row}",
            ListModule.OfSeq(Enumerable.Range(0, 12).Select(column => column == 11 ? $"better than {name}" : $"0.8{row}{column} [0.8{row}0, 0.9{row}{column}]"))))));

    private static Frame<string, string> Sorted() => Table.ofRows(
        ["less", "said, \"so\""],
        [
            Row("a", "+0.005 [-0.010, 0.020]", "not shown"), Row("b", "-0.02", "worse"), Row("c", "undefined", "no verdict"), Row("d", "0.1 (6 seeds)", "better"),
            Row("e", "1,000", "better"), Row("f", "20", "better, by less"),
        ]);

    private static Frame<string, string> Words(string name) => Table.ofRows(
        ["claim", "what was found"],
        [
            Row($"{name} a", $"The study says that {name} helps on every set.", $"Here {name} does better on one set of two, and on the other it is not shown whether it does better or worse."),
            Row($"{name} b", "Frozen layers are enough.", "not tested"),
        ]);

    private static Tuple<string, FSharpList<string>> Row(string key, params FSharpList<string> cells) => Tuple.Create(key, cells);

    private static Section Switched(string name) => Section.NewSwitched($"{name}: by size", [View(name, "50 images"), View(name, "100 images")]);

    private static Tuple<string, FSharpList<Section>> View(string name, string size) => Tuple.Create<string, FSharpList<Section>>(
        $"{name}, {size}",
        [Section.NewText($"Seen with {size}."), Section.NewTable($"of-{size[..2]}", $"{name}, {size}", Wide(name)), Section.NewCharts(name, [Curves(name), Map(name, 3)])]);

    private static Figures.Figure Curves(string name) => Figures.lines(
        name,
        "epoch",
        "loss",
        ListModule.OfSeq(new[] { name, "no transfer", "fine-tuned" }.Select((way, place) =>
            Tuple.Create(way, ListModule.OfSeq(Enumerable.Range(1, 40).Select(epoch => Tuple.Create((double)epoch, 1.0 / (epoch + place))))))));

    private static Figures.Figure BySize(string name) => Figures.bySize(
        "test AUC",
        ListModule.OfSeq(new[] { name, "no transfer" }.Select((way, place) => Tuple.Create(
            way,
            ListModule.OfSeq(new[] { 50, 100, 300 }.Select(images => Tuple.Create<int, FSharpList<FSharpOption<double>?>>(images, [.8 + images / 3000.0, .81 + place / 50.0])))))));

    private static Figures.Figure Map(string name, int classes)
    {
        var points = new float[6 * classes, 2];
        for (var row = 0; row < points.GetLength(0); row++)
            (points[row, 0], points[row, 1]) = (row % classes, row / classes);
        return Figures.map($"{name} of {classes}", [.. Enumerable.Range(0, classes).Select(c => $"{name} {c}")], points, [.. Enumerable.Range(0, 6 * classes).Select(row => row % classes)]);
    }

    /// <summary>The picture of a point: all of one grey.</summary>
    public static byte[] Shade(int image) => Png.Encode([.. Enumerable.Repeat((byte)(10 * image), 28 * 28)], 28, 28, 1);

    private static byte[] Picture => Png.Encode([.. Enumerable.Range(0, 28 * 28).Select(pixel => (byte)(pixel / 4))], 28, 28, 1);
}
