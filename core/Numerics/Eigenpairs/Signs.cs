namespace MedTransfer.Numerics.Eigenpairs;

/// <summary>Eigenvectors have no sign of their own: the largest entry by size (the first of several) is positive.</summary>
internal static class Signs
{
    internal static void Fix(double[] vector)
    {
        var largest = 0;
        for (var j = 1; j < vector.Length; j++)
        {
            if (Math.Abs(vector[j]) > Math.Abs(vector[largest])) largest = j;
        }

        if (vector[largest] < 0) DoubleVectors.Scale(vector, -1);
    }
}
