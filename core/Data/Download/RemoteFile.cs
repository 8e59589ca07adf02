namespace MedTransfer.Data;

/// <summary>A published file and how to know that it came whole.</summary>
/// <param name="Url">An https address, or an http address of this machine.</param>
/// <param name="FileName">The name it gets, without a folder.</param>
/// <param name="Md5">32 hexadecimal digits.</param>
public sealed record RemoteFile(Uri Url, string FileName, string Md5)
{
    /// <summary>The official file of a set.</summary>
    public static RemoteFile Of(CatalogueEntry entry) => new(entry.Url, entry.FileName, entry.Md5);
}
