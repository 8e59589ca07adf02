using System.Text.Json.Serialization;
using MedTransfer.Models;

namespace MedTransfer.Transfer;

/// <summary>A trained network whose embeddings another one learns from.</summary>
/// <param name="Origin">Where its features' weights come from; null where the network comes trained, as an ONNX encoder does.</param>
/// <param name="Model">The network, which need not be that of who learns.</param>
public sealed record Teacher(Origin? Origin, ModelOptions Model)
{
    /// <summary>Name of the trial that has to be done first; null where there is none.</summary>
    [JsonIgnore]
    public string? Trial => (Origin as TrialOrigin)?.Trial;

    /// <summary>The teacher, if it can be had.</summary>
    /// <exception cref="MedTransferException">Its network learns nothing, or has no weights.</exception>
    internal Teacher Checked()
    {
        Model.Checked();
        if (!Model.Architecture.LearnsFeatures)
            throw new MedTransferException($"A {Model.Architecture.Title} makes no embeddings to learn from: take another teacher.") { IsUsage = true };
        if (Model.Architecture.ComesTrained != Origin is null)
            throw new MedTransferException($"The teacher, a {Model.Architecture.Title}, {(Origin is null ? "has no weights: name their origin" : "brings its weights: leave the origin out")}.") { IsUsage = true };
        return this;
    }
}
