namespace MedTransfer.Models;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">Arrays by name, in the order of their data in the file.</param>
/// <param name="Metadata">What the writer noted, texts by key in the order of the header; empty where nothing was.</param>
public sealed record SafetensorsContent(
    OrderedDictionary<string, SafeTensor> Tensors, OrderedDictionary<string, string> Metadata);
