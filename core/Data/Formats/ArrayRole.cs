namespace MedTransfer.Data.Formats;

/// <summary>What an array is read for: which types will do, and what to advise where its type does not.</summary>
internal enum ArrayRole
{
    /// <summary>Plain numbers of any meaning.</summary>
    Numbers,

    /// <summary>Pixels.</summary>
    Images,

    /// <summary>Classes by number or by name, or findings.</summary>
    Labels,

    /// <summary>The classes of a map's points, by number or by name.</summary>
    PointLabels,

    /// <summary>Who each image is of.</summary>
    Patients,

    /// <summary>Points, a row each.</summary>
    Matrix,
}

/// <summary>What fits a role.</summary>
internal static class ArrayRoles
{
    /// <summary>The role of a dataset's array, by its name.</summary>
    public static ArrayRole Of(string key) =>
        key.EndsWith("_images", StringComparison.Ordinal) ? ArrayRole.Images
        : key.EndsWith("_labels", StringComparison.Ordinal) ? ArrayRole.Labels
        : key.EndsWith("_patients", StringComparison.Ordinal) ? ArrayRole.Patients
        : ArrayRole.Numbers;

    /// <summary>Whether elements may be text, which names a class.</summary>
    public static bool AllowsText(this ArrayRole role) => role is ArrayRole.Labels or ArrayRole.PointLabels;

    /// <summary>How to save an array of this role so that it can be read.</summary>
    public static string HowToSave(this ArrayRole role) => role switch
    {
        ArrayRole.Images => "save pixels as uint8, 0 to 255: images.astype('uint8'), times 255 first where they run from 0 to 1",
        ArrayRole.Labels => "save classes and findings as whole numbers, labels.astype('int64'), or classes by name, labels.astype(str)",
        ArrayRole.PointLabels => "save classes as whole numbers, labels.astype('int64'), or by name, labels.astype(str)",
        ArrayRole.Patients => "number the patients, those of all splits together: numpy.unique(numpy.concatenate([train, val, test]), return_inverse=True)[1]",
        ArrayRole.Matrix => "save a matrix of plain numbers: points.astype('float32')",
        _ => "save whole numbers, float16 to float64 or bool: array.astype('float64')",
    };
}
