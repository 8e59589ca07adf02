namespace MedTransfer.Data.Catalogue;

/// <summary>Folders in which named datasets are looked for, first to last.</summary>
public sealed record DataFolders(IReadOnlyList<string> Paths)
{
    /// <summary>Environment variable that names a folder of MedMNIST files.</summary>
    public const string RootVariable = "MEDMNIST_ROOT";

    /// <summary>As the other overload, with what the environment says of <c>MEDMNIST_ROOT</c>.</summary>
    public static DataFolders InOrder(string? named, string? project) =>
        InOrder(named, Environment.GetEnvironmentVariable(RootVariable), project);

    /// <summary>
    /// The folder named on the command line, the one <c>MEDMNIST_ROOT</c> names, the project's own, and <c>~/.medmnist</c>, where the
    /// medmnist package for Python keeps its files. The first two must be there if they were named; the last two need not be.
    /// </summary>
    /// <param name="named">The value of <c>--data</c>; null where it was not given.</param>
    /// <param name="root">The value of <c>MEDMNIST_ROOT</c>; null or empty where it is not set.</param>
    /// <param name="project">The project's <c>data</c> folder; null where there is no project.</param>
    public static DataFolders InOrder(string? named, string? root, string? project)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        string?[] candidates =
        [
            Existing(named, "--data", isUsage: true),
            Existing(string.IsNullOrEmpty(root) ? null : root, RootVariable, isUsage: false),
            project,
            home.Length == 0 ? null : Path.Combine(home, ".medmnist"),
        ];
        return new([.. candidates.OfType<string>().Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)]);
    }

    private static string? Existing(string? folder, string origin, bool isUsage) => folder is null || Directory.Exists(folder)
        ? folder
        : throw new MedTransferException(
            $"{origin}: {OneLine.Quote(folder)} {(File.Exists(folder) ? "is a file" : "is not there")}; name an existing folder")
        {
            IsUsage = isUsage,
        };
}
