namespace MedTransfer.Data;

/// <summary>What the labels of a dataset ask for, in MedMNIST's terms.</summary>
public enum LabelTask
{
    /// <summary>Two classes, a softmax over two outputs.</summary>
    BinaryClass,

    /// <summary>K unordered classes, a softmax over K outputs.</summary>
    MultiClass,

    /// <summary>K ordered grades; as in MedMNIST, a softmax over K outputs.</summary>
    OrdinalRegression,

    /// <summary>L independent findings of 0 or 1, a sigmoid for each.</summary>
    MultiLabel,
}
