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

/// <summary>Names of splits in words.</summary>
public static class SplitNames
{
    /// <summary><c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    public static string Text(this SplitName split) => split switch
    {
        SplitName.Train => "train",
        SplitName.Validation => "validation",
        _ => "test",
    };
}
