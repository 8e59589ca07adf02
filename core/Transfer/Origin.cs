using System.Text.Json.Serialization;
using MedTransfer.Models;
using MedTransfer.Models.Weights;

namespace MedTransfer.Transfer;

/// <summary>Where the weights that are transferred come from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TrialOrigin), "trial")]
[JsonDerivedType(typeof(WeightsOrigin), "weights")]
[JsonDerivedType(typeof(PublishedOrigin), "published")]
public abstract record Origin
{
    private protected Origin()
    {
    }
}

/// <summary>Another trial, which has to be done first.</summary>
/// <param name="Trial">Its name.</param>
public sealed record TrialOrigin(string Trial) : Origin;

/// <summary>A safetensors file of a network's weights by name: ours, <c>features.conv1.weight</c>, or a state dict of PyTorch's, <c>module.conv1.weight</c>.</summary>
/// <param name="Path">Where it is; not part of a trial's name.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hexadecimal digits.</param>
public sealed record WeightsOrigin([property: Whereabouts] string Path, string Digest) : Origin
{
    /// <summary>A file, identified.</summary>
    /// <exception cref="MedTransferException">It can't be read, or is no safetensors file; the message says what it is, and what to do.</exception>
    public static WeightsOrigin Of(string path)
    {
        var digest = WeightFile.DigestOf(path);
        WeightFile.Shapes(path);
        return new(System.IO.Path.GetFullPath(path), digest);
    }

    /// <summary>Fails where the file at its path is not the one that is meant.</summary>
    public void RequireUnchanged()
    {
        if (WeightFile.DigestOf(Path) != Digest)
            throw new MedTransferException($"{Path}: is not the file of weights that was named (its SHA-256 is another): put it back, or name the new one.");
    }
}

/// <summary>Weights that others have published, which a package brought.</summary>
/// <param name="Name">As <see cref="PublishedBackbone.All"/> names them.</param>
/// <param name="Digest">SHA-256 of their file, lower-case hexadecimal digits.</param>
public sealed record PublishedOrigin(string Name, string Digest) : Origin
{
    /// <summary>An entry of the catalogue.</summary>
    public static PublishedOrigin Of(PublishedBackbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return new(backbone.Name, backbone.Digest);
    }

    /// <summary>The entry that is meant.</summary>
    /// <exception cref="MedTransferException">There is none of that name, or its weights are others by now.</exception>
    public PublishedBackbone Find() =>
        PublishedBackbone.TryFind(Name) is not { } found ? throw new MedTransferException($"There are no published weights '{Name}': take {string.Join(" or ", PublishedBackbone.All)}.") { IsUsage = true }
        : found.Digest != Digest ? throw new MedTransferException($"The weights '{Name}' that were named are others than those that are known (their SHA-256 is another): name them anew.")
        : found;
}
