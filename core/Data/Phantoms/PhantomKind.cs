namespace MedTransfer.Data;

/// <summary>The sets that we draw.</summary>
public enum PhantomKind
{
    /// <summary>Adults with fourteen findings, in ChestMNIST's order and proportions.</summary>
    Chest,

    /// <summary>Children with and without pneumonia, in PneumoniaMNIST's proportions.</summary>
    Pneumonia,
}
