using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>What is known of the places of embeddings x to each other, in double, as differences of large products have few digits.</summary>
/// <param name="Products">(n, n): of the rows, less their mean.</param>
/// <param name="Squares">(n, n): |x_i - x_j|^2, but for rounding: a little below 0 where two are the same.</param>
internal sealed record Relations(Tensor Products, Tensor Squares)
{
    /// <summary>The relations of embeddings (n, D), with a gradient where these have one.</summary>
    public static Relations Of(Tensor embeddings)
    {
        var rows = embeddings.to(ScalarType.Float64);
        var centred = rows.add(rows.mean([0L], keepdim: true), Scalars.Kept(-1));
        var products = centred.mm(centred.t());
        var lengths = products.diagonal();
        return new(products, lengths.unsqueeze(0).add(lengths.unsqueeze(1), Scalars.One).add(products, Scalars.Kept(-2)));
    }

    /// <summary>The same without the gradient.</summary>
    public Relations Constant() => new(Products.detach(), Squares.detach());
}
