namespace MedTransfer.Reduction.Manifolds;

/// <summary>A map that follows a graph of near points.</summary>
public interface INeighbourGraphMap : IFittedMap
{
    /// <summary>Parts of the graph that no path joined, 1 where all points hung together. They were joined by the shortest edges between them: how the parts lie to each other is by these alone.</summary>
    int Parts { get; }
}
