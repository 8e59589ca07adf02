using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MedTransfer.Runtime.Native;

/// <summary>
/// Makes TorchSharp's native library loadable where libstdc++ is older than GCC 13 (Debian 12, Ubuntu 22.04, RHEL 9).
/// <para>
/// The library asks for <c>GLIBCXX_3.4.32</c> because of one symbol, <c>std::ios_base_library_init()</c>, which has nothing to do
/// on an older libstdc++. In a copy, that version becomes a weak requirement and the symbol's name is pointed at another import that is
/// harmless to call without arguments (<c>floor</c>). The format is the ELF64 of the System V ABI and its symbol versioning.
/// </para>
/// </summary>
internal static class OlderLibstdcxx
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Symbol = "_ZSt21ios_base_library_initv";
    private const string Harmless = "floor";

    private const uint DynamicSymbols = 11;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;
    private const ushort WeakVersion = 2;
    private const int SymbolSize = 24;

    /// <summary>Loads a patched copy of <paramref name="library"/>, made on first use in a cache folder of our own.</summary>
    /// <param name="load">Loads the file of that path.</param>
    public static void LoadCompatible(string library, Action<string> load) => LoadCompatible(library, CacheFolder(), load);

    /// <summary>The same with another cache folder; null, or one that can't be written, for a private copy that is gone once it is loaded.</summary>
    internal static void LoadCompatible(string library, string? cache, Action<string> load)
    {
        var bytes = File.ReadAllBytes(library);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        Patch(bytes, library);
        if (cache is not null && TryKeep(Path.Combine(cache, digest), Path.GetFileName(library), bytes) is { } kept)
        {
            load(kept);
            return;
        }

        // not in a place that others could know beforehand: what lies there is run
        var folder = Directory.CreateTempSubdirectory("medtransfer-").FullName;
        try
        {
            var copy = Path.Combine(folder, Path.GetFileName(library));
            File.WriteAllBytes(copy, bytes);
            load(copy);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);   // what is loaded stays loaded
        }
    }

    /// <summary>Edits the two places in memory.</summary>
    /// <exception cref="MedTransferException">The file is not laid out as expected.</exception>
    internal static void Patch(byte[] elf, string name)
    {
        try
        {
            var sections = Sections(elf);
            WeakenVersion(elf, sections);
            RedirectSymbol(elf, sections);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or InvalidOperationException or OverflowException)
        {
            throw new MedTransferException(
                $"{name} needs a newer libstdc++ ({Version}) and can't be adapted to this one: use a system with GCC 13's libstdc++ or newer.", e);
        }
    }

    private readonly record struct Section(uint Type, int Offset, int Size, int Link);

    private static Section[] Sections(ReadOnlySpan<byte> elf)
    {
        if (!elf[..4].SequenceEqual("\u007fELF"u8) || elf[4] != 2 || elf[5] != 1)
            throw new InvalidOperationException("not a little-endian ELF64 file");
        var table = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]));
        int entrySize = U16(elf, 0x3a), count = U16(elf, 0x3c);
        var sections = new Section[count];
        for (var i = 0; i < count; i++)
        {
            var entry = elf.Slice(table + i * entrySize, entrySize);
            sections[i] = new Section(
                U32(entry, 4),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(entry[0x18..])),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(entry[0x20..])),
                (int)U32(entry, 0x28));
        }

        return sections;
    }

    private static void WeakenVersion(Span<byte> elf, Section[] sections)
    {
        var needs = sections.First(section => section.Type == VersionNeeds);
        var strings = sections[needs.Link].Offset;
        for (int file = needs.Offset, nextFile = 1; nextFile != 0; file += nextFile)
        {
            int auxiliary = file + (int)U32(elf, file + 8), count = U16(elf, file + 2);
            nextFile = checked((int)U32(elf, file + 12));   // never back: a forged file must not loop
            for (var i = 0; i < count; i++, auxiliary += (int)U32(elf, auxiliary + 12))
            {
                if (!IsString(elf, strings + (int)U32(elf, auxiliary + 8), Version))
                    continue;
                BinaryPrimitives.WriteUInt16LittleEndian(elf[(auxiliary + 4)..], WeakVersion);
                return;
            }
        }

        throw new InvalidOperationException($"{Version} is not asked for");
    }

    private static void RedirectSymbol(Span<byte> elf, Section[] sections)
    {
        var symbols = sections.First(section => section.Type == DynamicSymbols);
        var versions = sections.First(section => section.Type == SymbolVersions);
        var strings = sections[symbols.Link].Offset;
        int wanted = FindUndefined(elf, symbols, strings, Symbol), harmless = FindUndefined(elf, symbols, strings, Harmless);
        elf.Slice(symbols.Offset + harmless * SymbolSize, 4).CopyTo(elf[(symbols.Offset + wanted * SymbolSize)..]);
        elf.Slice(versions.Offset + harmless * 2, 2).CopyTo(elf[(versions.Offset + wanted * 2)..]);
    }

    private static int FindUndefined(ReadOnlySpan<byte> elf, Section symbols, int strings, string name)
    {
        for (var i = 0; i < symbols.Size / SymbolSize; i++)
        {
            var at = symbols.Offset + i * SymbolSize;
            if (U16(elf, at + 6) == 0 && IsString(elf, strings + (int)U32(elf, at), name))
                return i;
        }

        throw new InvalidOperationException($"{name} is not imported");
    }

    private static bool IsString(ReadOnlySpan<byte> elf, int at, string text) =>
        elf[at..].StartsWith(Encoding.ASCII.GetBytes(text)) && elf[at + text.Length] == 0;

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static string? CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
        return Path.IsPathRooted(cache) ? Path.Combine(cache, "medtransfer", "native") : null;
    }

    private static string? TryKeep(string folder, string name, byte[] bytes)
    {
        var target = Path.Combine(folder, name);
        if (File.Exists(target))
            return target;
        try
        {
            Directory.CreateDirectory(folder);
            WholeFile.Write(target, stream => stream.Write(bytes));
            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MedTransferException)
        {
            return null;
        }
    }
}
