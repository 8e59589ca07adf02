using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MedTransfer.Runtime;

namespace MedTransfer.Data.Import;

/// <summary>
/// Numbers in place of what names a patient: the first 63 bits of an HMAC-SHA256 whose key is a secret of this user on this machine. The same patient has the same number in every import
/// here, and nobody who has the numbers alone can try names until one fits.
/// </summary>
/// <param name="salt">The key, 32 bytes.</param>
internal sealed class PatientNumbers(byte[] salt)
{
    private const int SaltBytes = 32;

    /// <summary>With the user's own salt, which is made when it is first needed, for nobody else to read.</summary>
    /// <param name="path">Where it is kept; null for the user's folder of settings.</param>
    public static PatientNumbers OfUser(string? path = null)
    {
        path ??= Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "medtransfer", "patient-salt");
        try
        {
            if (File.Exists(path))
            {
                var known = File.ReadAllBytes(path);
                return known.Length == SaltBytes ? new(known)
                    : throw new MedTransferException($"{path}, the secret that patients' numbers are made with, has {known.Length} bytes, not {SaltBytes}: bring the former one back, or delete it, and no number is as before.");
            }
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var fresh = RandomNumberGenerator.GetBytes(SaltBytes);
            WholeFile.Write(path, stream => stream.Write(fresh));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new(fresh);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"{path}, the secret that patients' numbers are made with, can't be kept: {e.Message.TrimEnd('.')}; free its place.", e);
        }
    }

    /// <summary>Knows the secret again without telling it: 16 hexadecimal digits.</summary>
    public string Key { get; } = Convert.ToHexStringLower(HMACSHA256.HashData(salt, "key"u8))[..16];

    /// <summary>The number of a patient, 0 or more.</summary>
    public long Of(string patient) =>
        BinaryPrimitives.ReadInt64LittleEndian(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(patient))) & long.MaxValue;
}
