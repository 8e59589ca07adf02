using System.Buffers.Binary;
using System.Text;
using MedTransfer.Runtime.Native;

namespace MedTransfer.Tests.Runtime;

public sealed class OlderLibstdcxxTests
{
    private const string Wanted = "_ZSt21ios_base_library_initv";

    // Places in the file that Elf() composes.
    private const int Symbols = 192, Versions = 264, Needs = 272, SectionTable = 320;

    [Fact]
    public void Patch_weakens_the_version_and_points_the_symbol_at_a_harmless_one()
    {
        var before = Elf();
        var after = Elf();

        OlderLibstdcxx.Patch(after, "library.so");

        var expected = (byte[])before.Clone();
        before.AsSpan(Symbols + 48, 4).CopyTo(expected.AsSpan(Symbols + 24));   // floor's name
        before.AsSpan(Versions + 4, 2).CopyTo(expected.AsSpan(Versions + 2));   // floor's version
        expected[Needs + 32 + 4] = 2;                                           // VER_FLG_WEAK of the second version, GLIBCXX_3.4.32
        Assert.Equal(expected, after);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Patch_refuses_every_truncated_file()
    {
        var whole = Elf();
        for (var length = 0; length < whole.Length; length++)
            AssertRefused(whole[..length]);
    }

    [Theory]
    [InlineData("ELF")]
    [InlineData("GLIBCXX_3.4.32")]
    [InlineData(Wanted)]
    [InlineData("floor")]
    public void Patch_refuses_a_file_without(string text)
    {
        var elf = Elf();
        var at = elf.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
        elf[at] ^= 1;

        AssertRefused(elf);
    }

    [Fact]
    public void Patch_refuses_needs_that_run_in_a_circle()
    {
        var elf = Elf();
        // The first entry leads 16 bytes on, to a second that leads back; neither has versions.
        BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(Needs + 2), 0);
        BinaryPrimitives.WriteInt32LittleEndian(elf.AsSpan(Needs + 12), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(Needs + 16 + 2), 0);
        BinaryPrimitives.WriteInt32LittleEndian(elf.AsSpan(Needs + 16 + 12), -16);

        AssertRefused(elf);
    }

    [Fact]
    public void Patch_survives_whatever_bytes_are_changed()
    {
        var random = new Random(1);
        for (var round = 0; round < 5000; round++)
        {
            var elf = Elf();
            for (var change = 0; change < 3; change++)
                elf[random.Next(elf.Length)] = (byte)random.Next(256);
            try
            {
                OlderLibstdcxx.Patch(elf, "library.so");
            }
            catch (MedTransferException)
            {
                // the other answer there is
            }
        }
    }

    [Fact]
    public void Copy_is_kept_in_the_cache_and_made_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["library.so"], Elf());
        var loaded = new List<(string Path, DateTime Written)>();

        for (var time = 0; time < 2; time++)
            OlderLibstdcxx.LoadCompatible(folder["library.so"], folder["cache"], path => loaded.Add((path, File.GetLastWriteTimeUtc(path))));

        Assert.Equal(loaded[0], loaded[1]);
        Assert.StartsWith(folder["cache"], loaded[0].Path, StringComparison.Ordinal);
        Assert.Equal([loaded[0].Path], Directory.GetFiles(folder["cache"], "*", SearchOption.AllDirectories));
        Assert.NotEqual(Elf(), File.ReadAllBytes(loaded[0].Path));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Copy_that_cannot_be_kept_is_gone_once_it_is_loaded(bool hasCache, bool loads)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["library.so"], Elf());
        File.WriteAllText(folder["cache"], "a file where the folder should be");
        string? seen = null;

        void Load(string path)
        {
            seen = path;
            Assert.True(File.Exists(path));
            if (!loads)
                throw new MedTransferException("it does not load");
        }

        var error = Record.Exception(() => OlderLibstdcxx.LoadCompatible(folder["library.so"], hasCache ? folder["cache"] : null, Load));

        Assert.Equal(loads, error is null);
        Assert.False(Directory.Exists(Path.GetDirectoryName(seen)));
        Assert.Equal(["cache", "library.so"], folder.Files);
    }

    private static void AssertRefused(byte[] elf)
    {
        var error = Assert.Throws<MedTransferException>(() => OlderLibstdcxx.Patch(elf, "library.so"));

        Assert.StartsWith("library.so needs a newer libstdc++", error.Message, StringComparison.Ordinal);
    }

    // A little-endian ELF64 with what the patch looks at: names, two imports and their versions, one needed library with two versions.
    private static byte[] Elf()
    {
        const string Names = $"\0GLIBC_2.2.5\0GLIBCXX_3.4.32\0{Wanted}\0floor\0libstdc++.so.6\0";
        var elf = new byte[SectionTable + 5 * 64];
        "\u007fELF"u8.CopyTo(elf);
        (elf[4], elf[5]) = (2, 1);
        Put(elf, 0x28, SectionTable);
        (elf[0x3a], elf[0x3c]) = (64, 5);
        Encoding.ASCII.GetBytes(Names).CopyTo(elf, 64);
        Put(elf, Symbols + 24, Name(Wanted));
        Put(elf, Symbols + 48, Name("floor"));
        (elf[Versions + 2], elf[Versions + 4]) = (3, 2);
        (elf[Needs], elf[Needs + 2]) = (1, 2);
        Put(elf, Needs + 4, Name("libstdc++.so.6"));
        Put(elf, Needs + 8, 16);
        Put(elf, Needs + 16 + 8, Name("GLIBC_2.2.5"));
        Put(elf, Needs + 16 + 12, 16);
        Put(elf, Needs + 32 + 8, Name("GLIBCXX_3.4.32"));
        Section(elf, 1, type: 3, 64, Names.Length, link: 0);
        Section(elf, 2, type: 11, Symbols, 72, link: 1);
        Section(elf, 3, type: 0x6fffffff, Versions, 6, link: 2);
        Section(elf, 4, type: 0x6ffffffe, Needs, 48, link: 1);
        return elf;

        static int Name(string name) => Names.IndexOf($"\0{name}\0", StringComparison.Ordinal) + 1;
    }

    private static void Section(byte[] elf, int index, int type, int offset, int size, int link)
    {
        var at = SectionTable + index * 64;
        Put(elf, at + 4, type);
        Put(elf, at + 0x18, offset);
        Put(elf, at + 0x20, size);
        Put(elf, at + 0x28, link);
    }

    private static void Put(byte[] elf, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(elf.AsSpan(at), value);
}
