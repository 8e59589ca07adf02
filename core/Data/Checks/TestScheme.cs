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

/// <summary>The choice of a <see cref="TestScheme"/>, by numbers of images alone.</summary>
public static class TestSchemes
{
    /// <summary>Training images up to which every one of them is to be tested: a fifth of more tells ways apart as well as a usual test split.</summary>
    public const int MostForFolds = 1000;

    /// <summary>A test split on which no smaller difference in AUC can be shown is too small: folds of the training images show more.</summary>
    public const double LargestDetectable = 0.1;

    /// <summary>How ways are compared on a set.</summary>
    public static TestScheme Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return TestPower.DetectableDifference(data) <= LargestDetectable ? TestScheme.TestSplit
            : data.Train.Count <= MostForFolds ? TestScheme.Folds
            : TestScheme.HeldOutFold;
    }
}
