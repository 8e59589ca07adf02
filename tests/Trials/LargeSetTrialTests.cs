using MedTransfer.Data.Images;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class LargeSetTrialTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Trials_on_mapped_images_leave_the_bytes_of_those_on_images_in_memory()
    {
        var folds = data.Spec.Target.WithFold(new() { Folds = 2 }, 1);
        foreach (var spec in new[] { data.Spec, data.Spec with { Transfer = TransferPlan.RandomFeatures }, data.Spec with { Data = folds } })
        {
            var trial = new Trial(spec, "trial");
            var inMemory = data.Run(trial)[0];
            using var datasets = new LoadedDatasets([data.Source]) { Shared = new SharedImages(data["mapped/images"]) { Large = 1, Writes = false } };

            new TrialRun(data["mapped"], datasets).Execute(trial, _ => { }, TestContext.Current.CancellationToken);

            Assert.True(File.Exists(data[$"mapped/images/{data.Source.Md5}.npy"]));
            Assert.Equal(SquaresTrials.Artefacts(inMemory.Folder.FullPath), SquaresTrials.Artefacts(new TrialFolder(data["mapped"], trial.Name).FullPath));
        }
    }
}
