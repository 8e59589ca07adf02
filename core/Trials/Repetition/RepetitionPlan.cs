using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Phantoms;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Repetition;

/// <summary>A finished trial, and what is trained to see whether it comes out the same.</summary>
/// <param name="Original">As its folder has it.</param>
/// <param name="Trial">
/// Its spec, with data and weights where they are now, and the trials it needs under the names that they have now. Its own name is the
/// original's, unless another version of the numerics made that.
/// </param>
public sealed record RecordedTrial(TrialResult Original, Trial Trial)
{
    /// <summary>Whether the folder's name is not what the spec in it is named now: another version of the numerics made it, or somebody changed the spec or the name.</summary>
    public bool HasOtherName => Original.Folder.Name != Trial.Name;
}

/// <summary>Finished trials that are to be trained anew from their folders alone, with those that they need, and the data of all.</summary>
/// <param name="Trials">Distinct, what is needed before what needs it; those that were asked for and those that they need.</param>
/// <param name="Data">Where the data is that they name.</param>
public sealed record RepetitionPlan(IReadOnlyList<RecordedTrial> Trials, IReadOnlyList<DatasetSource> Data)
{
    /// <summary>Reads the trials, and finds what they need; trains nothing, writes nothing.</summary>
    /// <param name="asked">Folders of finished trials, each beside those that it needs.</param>
    /// <param name="folders">Where data and weights are looked for that are no longer where they were.</param>
    /// <param name="notice">Told, in a sentence, what takes its time.</param>
    /// <exception cref="MedTransferException">A trial is not done, or can't be read; what one needs is not there.</exception>
    public static RepetitionPlan Of(IEnumerable<TrialFolder> asked, DataFolders folders, Action<string>? notice = null)
    {
        var reading = new Reading(folders, notice);
        foreach (var folder in asked)
            reading.Add(folder, neededBy: null);
        return new([.. reading.Trials], [.. reading.Data.Values]);
    }

    /// <summary>Compares what was trained with the originals, as far as it was trained: what failed is left out.</summary>
    /// <param name="runs">The folder that it was trained in.</param>
    /// <param name="load">The dataset that a reference names.</param>
    /// <exception cref="MedTransferException">An artefact can't be read.</exception>
    public IReadOnlyList<TrialRepetition> Compare(string runs, Func<DataReference, Dataset> load)
    {
        var compared = new List<TrialRepetition>();
        foreach (var recorded in Trials)
        {
            var folder = new TrialFolder(runs, recorded.Trial.Name);
            if (folder.IsDone)
                compared.Add(TrialRepetition.Of(recorded, folder.Read(recorded.Trial), compared, load));
        }

        return compared;
    }

    private sealed class Reading(DataFolders folders, Action<string>? notice)
    {
        private readonly DigestSearch<DatasetSource> files = new(folders, ".npz", DatasetSource.Identify, file => file.Md5) { Notice = notice };
        private readonly DigestSearch<WeightsOrigin> weights = new(folders, ".safetensors", WeightsOrigin.Of, file => file.Digest) { Notice = notice };
        private readonly DigestSearch<OnnxOptions> encoders = new(folders, ".onnx", OnnxOptions.Of, file => file.Digest) { Notice = notice };
        private readonly Dictionary<string, RecordedTrial?> byFolder = [];

        /// <summary>What is needed before what needs it.</summary>
        public List<RecordedTrial> Trials { get; } = [];

        /// <summary>By digest.</summary>
        public Dictionary<string, DatasetSource> Data { get; } = [];

        public RecordedTrial Add(TrialFolder folder, string? neededBy)
        {
            if (byFolder.TryGetValue(folder.FullPath, out var known))
                return known ?? throw new MedTransferException($"The trial in {folder.FullPath} needs itself: its spec.json is damaged.");
            if (!folder.IsDone)
                throw new MedTransferException(Missing(folder, neededBy));
            byFolder[folder.FullPath] = null;
            var original = Read(folder);
            var recorded = new RecordedTrial(original, new Trial(Located(original.Trial.Spec, folder), original.Trial.Label));
            Trials.Add(recorded);
            return byFolder[folder.FullPath] = recorded;
        }

        private static string Missing(TrialFolder folder, string? neededBy) =>
            neededBy is not null ? $"{neededBy} needs trial {folder.Name}, which is not finished in {folder.FullPath}: bring its folder there, or leave that trial out."
            : folder.IsBegun ? $"The trial in {folder.FullPath} is not finished: run its recipe again, which goes on from there."
            : $"{folder.FullPath} holds no trial: name the folder of one, or of a report.";

        // an option out of its range is the file's fault, not that of the command line
        private static TrialResult Read(TrialFolder folder)
        {
            try
            {
                return folder.Read();
            }
            catch (MedTransferException e) when (e.IsUsage)
            {
                throw new MedTransferException($"The spec of the trial in {folder.FullPath} can't be run: {e.Message}", e);
            }
        }

        private TrialSpec Located(TrialSpec spec, TrialFolder folder)
        {
            string NameOf(string needed) => Add(TrialFolder.At(Path.Combine(folder.FullPath, "..", needed)), folder.FullPath).Trial.Name;
            return spec with
            {
                Data = new() { Target = Located(spec.Data.Target, folder), Source = spec.Data.Source is { } source ? Located(source, folder) : null },
                Model = Located(spec.Model, folder),
                Teacher = spec.Teacher is { } teacher ? new(From(teacher.Origin), Located(teacher.Model, folder)) : null,
                Members = [.. spec.Members.Select(NameOf)],
                Transfer = spec.Transfer with { Origin = From(spec.Transfer.Origin) },
            };

            Origin? From(Origin? origin) => origin switch
            {
                TrialOrigin(var parent) => new TrialOrigin(NameOf(parent)),
                WeightsOrigin file => weights.Find(file.Path, file.Digest) ?? throw NotFound(folder, file.Path, ".safetensors", $"SHA-256 {file.Digest}", null),
                var none => none,
            };
        }

        private ModelOptions Located(ModelOptions model, TrialFolder folder) => model.Onnx is { } encoder ? model with { Onnx = Located(encoder, folder) } : model;

        private OnnxOptions Located(OnnxOptions encoder, TrialFolder folder) =>
            encoder with { Path = encoders.Find(encoder.Path, encoder.Digest)?.Path ?? throw NotFound(folder, encoder.Path, ".onnx", $"SHA-256 {encoder.Digest}", null) };

        private DataReference Located(DataReference data, TrialFolder folder)
        {
            if (!Data.TryGetValue(data.Digest, out var source))
            {
                source = Phantom.TryFind(data.Path) is not null
                    ? DatasetSource.At(new(data.Path, data.Digest))
                    : files.Find(data.Path, data.Digest) ?? throw NotFound(folder, data.Path, ".npz", $"MD5 {data.Digest}", MedMnist.TryFindByMd5(data.Digest)?.Url);
                Data[data.Digest] = source;
            }

            return data with { Path = source.Path };
        }

        private MedTransferException NotFound(TrialFolder folder, string path, string extension, string digest, Uri? published) => new(
            $"{path} ({digest}), which the trial in {folder.FullPath} needs, is not there or has changed, and no {extension} with that digest is in "
            + $"{OneLine.List(folders.Paths)}: name the folder that holds it with --data{(published is null ? "" : $", or download it from {published}")}.");
    }
}
