namespace MedTransfer.Data;

/// <summary>The three disjoint parts of a dataset.</summary>
public enum SplitName
{
    /// <summary>Images the model is trained on.</summary>
    Train,

    /// <summary>Images on which choices are made.</summary>
    Validation,

    /// <summary>Images that are read once, after every choice.</summary>
    Test,
}
