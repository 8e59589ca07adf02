namespace MedTransfer.Training;

/// <summary>How the trainable weights are found.</summary>
public enum Solver
{
    /// <summary>Mini-batches and Adam (Kingma and Ba 2015), a stated number of epochs.</summary>
    Adam,

    /// <summary>The head alone, on embeddings computed once, to the one minimum of its penalised convex loss (L-BFGS).</summary>
    Convex,
}
