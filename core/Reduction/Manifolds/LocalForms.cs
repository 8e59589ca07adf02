using MedTransfer.Numerics;
using MedTransfer.Numerics.Eigenpairs;
using MedTransfer.Numerics.Sparse;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>
/// Of each point a quadratic form of its and its neighbours' places, 0 where these lie as the neighbourhood says, constants among
/// them; the sum of all is the matrix whose smallest eigenvectors are a map.
/// </summary>
internal sealed class LocalForms
{
    /// <summary>What is left of a vector of length 1 once those before are taken from it that is rounding, not direction.</summary>
    private const double Dependent = 1e-8;

    private readonly float[,] _points;
    private readonly int[][] _neighbours;
    private readonly LocallyLinearOptions _options;

    /// <param name="neighbours">Of each point, itself not among them.</param>
    internal LocalForms(float[,] points, int[][] neighbours, LocallyLinearOptions options)
    {
        (_points, _options) = (points, options);
        _neighbours = options.Method is LocallyLinearMethod.Hessian or LocallyLinearMethod.TangentSpace ? WithOneself(neighbours) : neighbours;
    }

    private int Components => _options.Components;

    /// <summary>A point that is among no other's neighbours, and so in no form, is added to its own.</summary>
    private static int[][] WithOneself(int[][] neighbours)
    {
        var known = neighbours.SelectMany(own => own).ToHashSet();
        return [.. neighbours.Select((own, i) => known.Contains(i) ? own : [.. own, i])];
    }

    internal SparseSymmetric Sum(CancellationToken cancellation)
    {
        Func<int, double[,]> form = _options.Method switch
        {
            LocallyLinearMethod.Modified => Modified(cancellation),
            LocallyLinearMethod.Hessian => Hessian,
            LocallyLinearMethod.TangentSpace => TangentSpace,
            _ => Standard,
        };
        var forms = new double[_neighbours.Length][,];
        FixedOrder.ForEachPart(forms.Length, _options.MaxThreads, i => forms[i] = form(i), cancellation);
        return SparseSymmetric.Of(forms.Length, Entries(forms), _options.MaxThreads);
    }

    /// <summary>Of a form, whose last row and column are the point itself, what is on and below the diagonal.</summary>
    private IEnumerable<(int Row, int Column, double Value)> Entries(double[][,] forms)
    {
        for (var i = 0; i < forms.Length; i++)
        {
            int[] members = [.. _neighbours[i], i];
            for (var a = 0; a < members.Length; a++)
            {
                for (var b = 0; b <= a; b++)
                {
                    if (forms[i][a, b] != 0) yield return (members[a], members[b], forms[i][a, b]);
                }
            }
        }
    }

    /// <summary>(y - sum of weight times neighbour's y)^2</summary>
    private double[,] Standard(int i)
    {
        var weights = Barycentre.Weights(Barycentre.Products(_points, _points, i, _neighbours[i]), _options.Regularisation);
        double[] row = [.. weights.Select(weight => -weight), 1];
        var form = new double[row.Length, row.Length];
        AddProduct(form, 1, row, row);
        return form;
    }

    /// <summary>
    /// The sum of (y - weights . neighbours' y)^2 over s sets of weights, the columns of V H + (1 - alpha) w 1^T, w being the standard ones, V the neighbourhood's s
    /// least directions, alpha |V^T 1| / root s and H the reflection that turns V^T 1 to alpha 1. V H itself is not needed: V H (V H)^T is V V^T, and V H 1 is V V^T 1 / alpha.
    /// </summary>
    private Func<int, double[,]> Modified(CancellationToken cancellation)
    {
        var n = _neighbours.Length;
        var spectra = new (double[] Values, double[][] Vectors, double[] Weights)[n];
        FixedOrder.ForEachPart(n, _options.MaxThreads, i =>
        {
            var products = Barycentre.Products(_points, _points, i, _neighbours[i]);
            var weights = Barycentre.Weights((double[,])products.Clone(), _options.Regularisation);
            var (values, vectors) = SymmetricEigen.Largest(products, _neighbours[i].Length, CancellationToken.None);
            spectra[i] = ([.. values.Take(_points.GetLength(1)).Select(value => Math.Max(value, 0))], vectors, weights);
        }, cancellation);
        // the usual share of what lies across the sheet in what lies along it
        var shares = spectra.Select(own => Share(own.Values, Components)).Order().ToArray();
        var usual = (shares[(n - 1) / 2] + shares[n / 2]) / 2;
        return i =>
        {
            var (values, vectors, weights) = spectra[i];
            var (k, along) = (weights.Length, values.Length);
            while (along > 1 && Share(values, along - 1) < usual) along--;
            var sets = Math.Max(k - along, 1);
            return Modified(vectors.AsSpan(0, k - sets), weights, sets);
        };
    }

    private static double[,] Modified(ReadOnlySpan<double[]> along, double[] weights, int sets)
    {
        var k = weights.Length;
        var form = new double[k + 1, k + 1];
        for (var a = 0; a < k; a++) form[a, a] = 1;
        var ones = new double[k];
        Array.Fill(ones, 1);
        foreach (var vector in along)
        {
            AddProduct(form, -1, vector, vector);
            DoubleVectors.Add(ones, -vector.Sum(), vector);
        }

        // ones is now V V^T 1, whose sum is |V^T 1|^2
        var alpha = Math.Sqrt(Math.Max(ones.Sum(), 0) / sets);
        if (alpha > 0) DoubleVectors.Scale(ones, 1 / alpha);
        AddProduct(form, 1 - alpha, ones, weights);
        AddProduct(form, 1 - alpha, weights, ones);
        AddProduct(form, (1 - alpha) * (1 - alpha) * sets, weights, weights);
        for (var a = 0; a < k; a++) form[k, a] = form[a, k] = -(ones[a] + (1 - alpha) * sets * weights[a]);
        form[k, k] = sets;
        return form;
    }

    /// <summary>Values beyond the first so many over those.</summary>
    private static double Share(double[] values, int first)
    {
        var along = values.Take(first).Sum();
        return along > 0 ? values.Skip(first).Sum() / along : 0;
    }

    /// <summary>Squares of the second derivatives of neighbours' places by the neighbourhood's own coordinates.</summary>
    private double[,] Hessian(int i)
    {
        var tangents = Tangents(i);
        var basis = Linear(tangents);
        var form = new double[_neighbours[i].Length + 1, _neighbours[i].Length + 1];
        for (var a = 0; a < Components; a++)
        {
            for (var b = a; b < Components; b++)
            {
                if (AddDirection(basis, [.. tangents[a].Zip(tangents[b], (x, y) => x * y)])) AddProduct(form, 1, basis[^1], basis[^1]);
            }
        }

        return form;
    }

    /// <summary>Squares of what of the neighbours' places is not linear in the neighbourhood's own coordinates.</summary>
    private double[,] TangentSpace(int i)
    {
        var form = new double[_neighbours[i].Length + 1, _neighbours[i].Length + 1];
        for (var a = 0; a < _neighbours[i].Length; a++) form[a, a] = 1;
        foreach (var direction in Linear(Tangents(i))) AddProduct(form, -1, direction, direction);
        return form;
    }

    /// <summary>Constants and coordinates, of length 1 and at right angles.</summary>
    private static List<double[]> Linear(double[][] tangents)
    {
        var basis = new List<double[]>();
        AddDirection(basis, [.. Enumerable.Repeat(1.0, tangents[0].Length)]);
        foreach (var tangent in tangents) AddDirection(basis, [.. tangent]);
        return basis;
    }

    /// <summary>Coordinates of the neighbours along their largest principal axes, each of length 1.</summary>
    private double[][] Tangents(int i)
    {
        var products = Barycentre.Products(_points, _points, i, _neighbours[i]);
        var k = _neighbours[i].Length;
        var means = new double[k];
        for (var a = 0; a < k; a++)
        {
            for (var b = 0; b < k; b++) means[a] += products[a, b] / k;
        }

        var mean = means.Average();
        for (var a = 0; a < k; a++)
        {
            for (var b = 0; b < k; b++) products[a, b] += mean - means[a] - means[b];
        }

        return SymmetricEigen.Largest(products, Components, CancellationToken.None).Vectors;
    }

    /// <summary>Adds what is new in a direction to those at right angles; false where there is nothing.</summary>
    private static bool AddDirection(List<double[]> basis, double[] direction)
    {
        var whole = Math.Sqrt(DoubleVectors.Dot(direction, direction));
        if (whole == 0) return false;
        DoubleVectors.Scale(direction, 1 / whole);
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var other in basis) DoubleVectors.Add(direction, -DoubleVectors.Dot(other, direction), other);
            var length = Math.Sqrt(DoubleVectors.Dot(direction, direction));
            if (length < Dependent) return false;
            DoubleVectors.Scale(direction, 1 / length);
        }

        basis.Add(direction);
        return true;
    }

    private static void AddProduct(double[,] form, double factor, double[] left, double[] right)
    {
        for (var a = 0; a < left.Length; a++)
        {
            for (var b = 0; b < right.Length; b++) form[a, b] += factor * left[a] * right[b];
        }
    }
}
