namespace MedTransfer.Models.Onnx.Export;

/// <summary>Numbers in double precision that a graph computes when it runs, so that formulas of them read as formulas: of several shapes, as ONNX broadcasts them.</summary>
internal readonly record struct GraphNumbers(OnnxGraph Graph, string Name)
{
    public static GraphNumbers operator +(GraphNumbers a, GraphNumbers b) => a.With("Add", b);

    public static GraphNumbers operator +(GraphNumbers a, double b) => a + a.Constant(b);

    public static GraphNumbers operator -(GraphNumbers a, GraphNumbers b) => a.With("Sub", b);

    public static GraphNumbers operator -(GraphNumbers a, double b) => a - a.Constant(b);

    public static GraphNumbers operator *(GraphNumbers a, GraphNumbers b) => a.With("Mul", b);

    public static GraphNumbers operator *(double a, GraphNumbers b) => b.Constant(a) * b;

    public static GraphNumbers operator /(GraphNumbers a, GraphNumbers b) => a.With("Div", b);

    public static GraphNumbers operator /(GraphNumbers a, double b) => a / a.Constant(b);

    /// <summary>A number that does not depend on what is given.</summary>
    public GraphNumbers Constant(double value) => new(Graph, Graph.Number(value));

    /// <summary>The smaller of two.</summary>
    public static GraphNumbers Min(GraphNumbers a, GraphNumbers b) => a.With("Min", b);

    /// <summary>The larger of two.</summary>
    public static GraphNumbers Max(GraphNumbers a, GraphNumbers b) => a.With("Max", b);

    /// <summary>The nearest one that lies between two.</summary>
    public static GraphNumbers Clamp(GraphNumbers value, GraphNumbers low, GraphNumbers high) => Max(low, Min(value, high));

    /// <summary>Without their signs.</summary>
    public static GraphNumbers Abs(GraphNumbers value) => value.Alone("Abs");

    /// <summary>The whole numbers below.</summary>
    public static GraphNumbers Floor(GraphNumbers value) => value.Alone("Floor");

    /// <summary>The nearest whole numbers, halves to even ones.</summary>
    public static GraphNumbers Round(GraphNumbers value) => value.Alone("Round");

    /// <summary>0, 1, ... below a number.</summary>
    public static GraphNumbers Range(GraphNumbers end) => new(end.Graph, end.Graph.Node("Range", [end.Graph.Number(0), end.Name, end.Graph.Number(1)]));

    /// <summary>The ones where <paramref name="a"/> is larger than <paramref name="b"/>, else the others.</summary>
    public static GraphNumbers WhereGreater(GraphNumbers a, GraphNumbers b, GraphNumbers ones, GraphNumbers others) =>
        new(a.Graph, a.Graph.Node("Where", [a.With("Greater", b).Name, ones.Name, others.Name]));

    private GraphNumbers Alone(string kind) => new(Graph, Graph.Node(kind, [Name]));

    private GraphNumbers With(string kind, GraphNumbers other) => new(Graph, Graph.Node(kind, [Name, other.Name]));
}
