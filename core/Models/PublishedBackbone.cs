using MedTransfer.Models.Onnx;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime.Native;

namespace MedTransfer.Models;

/// <summary>Weights that others have published and a package brings, and the model that they are weights of: what transfer may start from, without a download of its own.</summary>
public sealed class PublishedBackbone
{
    // many trials of a process start from them
    private IReadOnlyDictionary<string, SafeTensor>? read;

    private PublishedBackbone()
    {
    }

    /// <summary>
    /// A ResNet-18 trained on ImageNet, but with three blocks in its last stage. It was trained on pixels from 0 to 255 in the order blue, green,
    /// red, less each channel's mean; here the first convolution's channels are turned round, so that it takes red, green and blue.
    /// </summary>
    public static PublishedBackbone ImageNetResNet18 { get; } = new()
    {
        Name = "imagenet-resnet18",
        Title = "ResNet-18 (with one block more) trained on ImageNet",
        Model = new()
        {
            Architecture = Architecture.ResNet18,
            Blocks = new(2, 2, 2, 3),
            Input = new() { Pixels = new([123.15 / 255, 115.90 / 255, 103.06 / 255], [1.0 / 255, 1.0 / 255, 1.0 / 255]) },
        },
        File = "ResNet18.onnx",
        Digest = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f",
        Provenance = "ML.NET's Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1 (MIT), made with CNTK 2.6 from ImageNet's 1.2 million photographs of 1,000 classes",
    };

    /// <summary>Every one that can be named.</summary>
    public static IReadOnlyList<PublishedBackbone> All { get; } = [ImageNetResNet18];

    /// <summary>As specs and command lines name it: <c>imagenet-resnet18</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>The model that takes the weights, with how it has to be given pixels; the image size is free.</summary>
    public required ModelOptions Model { get; init; }

    /// <summary>SHA-256 of the file of weights, lower-case hexadecimal digits.</summary>
    public required string Digest { get; init; }

    /// <summary>Who published it, under which licence, and what it was trained on: a clause without a full stop.</summary>
    public required string Provenance { get; init; }

    /// <summary>Name of the file of weights in its package.</summary>
    public required string File { private get; init; }

    /// <summary>The entry of that name; null where there is none.</summary>
    public static PublishedBackbone? TryFind(string name) => All.FirstOrDefault(entry => entry.Name == name);

    /// <summary>Where the file of weights is.</summary>
    /// <exception cref="MedTransferException">The package is not there.</exception>
    public string Locate() =>
        PackageFiles.Backbones.FirstOrDefault(file => Path.GetFileName(file) == File && System.IO.File.Exists(file)) ?? throw new MedTransferException(
            $"The weights of {Name} are not in the package folder: run 'dotnet fsi build.fsx -t Restore' and build again.");

    /// <summary>The weights by their names in our model, <c>features.layer2.0.downsample.0.weight</c>, once the file's digest is checked; a process reads them once.</summary>
    /// <exception cref="MedTransferException">The file is not there, or is another.</exception>
    public IReadOnlyDictionary<string, SafeTensor> Read() => read ?? Interlocked.CompareExchange(ref read, Read(Locate()), null) ?? read;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Reads a copy of the file.</summary>
    internal IReadOnlyDictionary<string, SafeTensor> Read(string path) =>
        OnnxResNet.Weights(OnnxFile.Read(path, Digest, "delete its package from the package folder, and run 'dotnet fsi build.fsx -t Restore'"), Model.Blocks!.Value);
}
