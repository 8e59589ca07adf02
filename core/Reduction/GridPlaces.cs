using System.Runtime.CompilerServices;

namespace MedTransfer.Reduction;

/// <summary>From a place in the map to the first of the four nodes round it, and how far it lies past the second, 0 to 1.</summary>
/// <param name="CentreX">Of the map, where the grid has its own.</param>
/// <param name="Middle">Of the grid, in nodes.</param>
internal readonly record struct GridPlaces(float NodesPerUnit, float CentreX, float CentreY, float Middle)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (int Node, float Past) X(float x) => At(x, CentreX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (int Node, float Past) Y(float y) => At(y, CentreY);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Node, float Past) At(float place, float centre)
    {
        var at = MathF.FusedMultiplyAdd(place - centre, NodesPerUnit, Middle);
        // Never negative: the grid has a margin.
        var node = (int)at;
        return (node - 1, at - node);
    }
}
