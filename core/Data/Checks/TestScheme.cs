namespace MedTransfer.Data.Checks;

/// <summary>On which images ways are compared, that none of their models learned from.</summary>
public enum TestScheme
{
    /// <summary>The set's own test split, once.</summary>
    TestSplit,

    /// <summary>Every training image in its turn, each outer fold once: where images are few, and a test split is not there or too small to tell ways apart.</summary>
    Folds,

    /// <summary>One fold of the training images, once: where they are many, and there is no such test split.</summary>
    HeldOutFold,
}

/// <summary>The choice of a <see cref="TestScheme"/>, by numbers of images, and of patients where they are known.</summary>
public static class TestSchemes
{
    /// <summary>Training images up to which every one of them is tested.</summary>
    public const int MostForFolds = 1000;

    /// <summary>A split on which no smaller difference in AUC can be shown is too small to compare ways on, and to choose one by.</summary>
    public const double LargestDetectable = 0.1;

    /// <summary>Of the training images the share that a fold holds out.</summary>
    private const double HeldOut = 0.2;

    /// <summary>How ways are compared on a set.</summary>
    public static TestScheme Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Tells(data, SplitName.Test) ? TestScheme.TestSplit
            : data.Train.Count > MostForFolds && Tells(data, SplitName.Train, HeldOut) ? TestScheme.HeldOutFold
            : TestScheme.Folds;
    }

    /// <summary>Whether there are validation images enough to choose a way by.</summary>
    public static bool CanChooseByValidation(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Tells(data, SplitName.Validation);
    }

    private static bool Tells(Dataset data, SplitName split, double share = 1) => TestPower.DetectableDifference(data, split, share) <= LargestDetectable;
}
