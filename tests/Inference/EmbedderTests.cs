using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference;

[Collection(OneAtATime.Name)]
public sealed class EmbedderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly LabelledImages train = Squares.Train();
    private readonly Classifier model = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
    private long passed;

    public EmbedderTests() => Count(model);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private EmbeddingStore Store => new(folder["embeddings"]);

    private FileInfo[] Files => new DirectoryInfo(folder["embeddings"]).GetFiles();

    public void Dispose()
    {
        train.Dispose();
        model.Dispose();
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Layers_after_what_is_kept_give_what_all_give_to_the_bit(int depth)
    {
        var expected = Values(new Predictor(model).Embeddings(train.Images));
        var (computed, read) = (Values(With(depth)), Values(With(depth)));

        Assert.Equal(expected, computed);
        Assert.Equal(expected, read);
    }

    [Fact]
    public void What_is_kept_is_not_computed_again_not_even_by_another_embedder()
    {
        Values(With(depth: 4));
        Assert.Equal(64 + 1, passed);   // two batches of 32, the second filled up, and one image to see how large an embedding is

        Values(With(depth: 4));
        Assert.Equal(64 + 1, passed);
        Assert.Single(Files);
    }

    [Fact]
    public void Other_pixels_weights_depths_and_machines_are_kept_apart()
    {
        using var others = Squares.Validation();
        using var again = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
        using var other = Classifier.Create(new() { Latent = 8 }, Squares.Info, 2);
        using var embedder = new Embedder(Store, "here");
        using var elsewhere = new Embedder(Store, "elsewhere");
        foreach (var (of, layers, depth, images) in new[] { (embedder, model, 4, train), (embedder, again, 4, train), (embedder, other, 4, train), (embedder, model, 3, train), (embedder, model, 4, others), (elsewhere, model, 4, train) })
            Assert.NotNull(of.Of(layers.Layers, depth, images.Images));

        Assert.Equal(5, Files.Length);   // the same weights under another seed are the same
    }

    [Fact]
    public void Weights_above_the_depth_do_not_matter()
    {
        Values(With(depth: 2));
        using (no_grad())
            model.state_dict()["features.latent.weight"].zero_();

        Values(With(depth: 2));

        Assert.Single(Files);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("")]
    public void Damaged_file_is_as_good_as_none(string content)
    {
        var expected = Values(With(depth: 4));
        File.WriteAllText(Assert.Single(Files).FullName, content);

        Assert.Equal(expected, Values(With(depth: 4)));
    }

    [Fact]
    public void One_changed_byte_is_noticed()
    {
        var expected = Values(With(depth: 4));
        var path = Assert.Single(Files).FullName;
        var bytes = File.ReadAllBytes(path);
        bytes[^(16 * 60 + 1)] ^= 1;   // of the last embedding, before the images' digests
        File.WriteAllBytes(path, bytes);

        Assert.Equal(expected, Values(With(depth: 4)));
        var before = passed;
        Assert.Equal(expected, Values(With(depth: 4)));
        Assert.Equal(before, passed);   // it was made anew, and the damaged one is gone
    }

    [Fact]
    public void Files_unused_for_longest_make_room_once_the_limit_is_near_and_are_counted()
    {
        for (var depth = 1; depth <= 4; depth++)
            Values(With(depth));
        var now = DateTime.UtcNow;
        var files = Files.OrderByDescending(file => file.Length).ToList();   // from the first layer's maps to the embedding
        for (var i = 0; i < files.Count; i++)
            File.SetLastWriteTimeUtc(files[i].FullName, now.AddHours(i - 10));
        var total = files.Sum(file => file.Length);

        Assert.Equal((0, 0L), (Store with { Limit = 2 * total }).Trim());
        Assert.Equal((1, files[0].Length), (Store with { Limit = total }).Trim());   // half of which are free without the first
        Assert.Equal(files.Skip(1).Select(file => file.Name).Order(), Files.Select(file => file.Name).Order());
    }

    [Fact]
    public void Nothing_is_written_beyond_the_limit()
    {
        using var embedder = new Embedder(Store with { Limit = 60 * 8 * 4 - 1 }, "here");

        Assert.NotNull(embedder.Of(model.Layers, 4, train.Images));
        Assert.Empty(Files);
    }

    [Fact]
    public void Each_image_is_computed_once_whatever_samples_it_comes_in()
    {
        var all = Squares.Split(Squares.Pixels(60), Squares.Labels(60));
        using var some = LabelledImages.On(CPU, all.Subset([.. Enumerable.Range(0, 40).Select(i => 3 * i % 40)]), Squares.Task);
        using var whole = LabelledImages.On(CPU, all, Squares.Task);
        using var embedder = new Embedder(Store, "here");
        using var other = new Embedder(Store, "here");

        Assert.NotNull(embedder.Of(model.Layers, 4, some.Images));
        Assert.NotNull(other.Of(model.Layers, 4, whole.Images));

        Assert.Equal(2 + 64 + 32, passed);   // 40 in two batches, then the 20 others in one
        Assert.Equal(60, Files.Sum(file => EmbeddingStore.TryReadImages(file.FullName)!.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void Values_of_an_image_do_not_depend_on_its_company(int count)
    {
        using var resNet = Classifier.Create(new() { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 1), Input = new() { ImageSize = 40, Pixels = PixelScale.ImageNet } }, Squares.Info, 1);
        var all = Squares.Split(Squares.Pixels(60), Squares.Labels(60));
        using var whole = new ImageSet(all, CPU);
        using var few = new ImageSet(all.Subset([.. Enumerable.Range(0, count).Select(i => 59 - i)]), CPU);
        foreach (var (layers, depth) in new[] { (model.Layers, 1), (model.Layers, 4), (resNet.Layers, 3), (resNet.Layers, 6) })
        {
            using var one = new Embedder(null, "here");
            using var another = new Embedder(null, "here");
            var expected = one.Of(layers, depth, whole)!.slice(0, 60 - count, 60, 1).flip(0);

            Assert.Equal(Values(expected.contiguous()), Values(another.Of(layers, depth, few)!));
        }
    }

    [Fact]
    public void Trainings_side_by_side_share_the_work()
    {
        var all = new EmbeddedImages(Store, "network");
        var beside = new EmbeddedImages(Store, "network");
        using var whole = new ImageSet(Squares.Split(Squares.Pixels(60), Squares.Labels(60)), CPU);

        var first = all.Claim(whole.Digests, Stop)!;
        var half = first.TakeMore(30, further: true);
        var second = beside.Claim(whole.Digests, Stop)!;
        var rest = second.TakeMore(60, further: true);

        Assert.InRange(rest.Count, 1, 30);   // what the first has begun is its own
        Assert.Empty(half.Intersect(rest));
        beside.Add(second, zeros([rest.Count, 2]));
        second.Dispose();
        half = [.. half, .. first.TakeMore(60, further: true)];
        all.Add(first, zeros([half.Count, 2]));
        first.Dispose();
        Assert.Equal(60, half.Count + rest.Count);
        Assert.Null(all.Claim(whole.Digests, Stop));
        Assert.Null(beside.Claim(whole.Digests, Stop));
        all.Dispose();
        beside.Dispose();
    }

    [Fact]
    public void What_is_no_number_or_the_same_for_all_images_is_refused()
    {
        using (no_grad())
            model.Layers.parameters().Last().fill_(float.NaN);
        Assert.StartsWith("What the network makes of 60 of 60 images (of image 0 first) is no number, or infinite: ", Assert.Throws<MedTransferException>(() => With(4)).Message, StringComparison.Ordinal);
        using (no_grad())
        {
            foreach (var parameter in model.Layers.parameters())
                parameter.zero_();
        }

        Assert.StartsWith("The network makes the same of all 60 images, so that nothing can be told apart: ", Assert.Throws<MedTransferException>(() => With(4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_for_what_another_process_computes_and_takes_it()
    {
        using var there = new EmbeddedImages(Store, "network");
        using var here = new EmbeddedImages(Store, "network");
        using var whole = new ImageSet(Squares.Split(Squares.Pixels(60), Squares.Labels(60)), CPU);
        var claim = there.Claim(whole.Digests, Stop)!;
        var all = claim.TakeMore(60, further: true);

        var waiting = Task.Run(() => here.Claim(whole.Digests, Stop), Stop);
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(200, Stop)));
        there.Add(claim, ones([all.Count, 2]));
        claim.Dispose();

        Assert.Null(await waiting);
        Assert.Equal(Enumerable.Repeat(1f, 120), Values(here.TryGather(whole.Digests, [2])!));
    }

    [Fact]
    public async Task Waiting_and_computing_end_when_they_are_told_to()
    {
        using var stop = new CancellationTokenSource();
        using var there = new EmbeddedImages(Store, "network");
        using var here = new EmbeddedImages(Store, "network");
        using var whole = new ImageSet(Squares.Split(Squares.Pixels(60), Squares.Labels(60)), CPU);
        using var claim = there.Claim(whole.Digests, Stop)!;
        claim.TakeMore(60, further: true);
        var waiting = Task.Run(() => here.Claim(whole.Digests, stop.Token), Stop);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        using var embedder = new Embedder(null, "here") { Cancellation = stop.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => embedder.Of(model.Layers, 4, whole));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_counts_and_goes_after_a_day()
    {
        Directory.CreateDirectory(folder["embeddings"]);
        string Part(string name, int hours)
        {
            File.WriteAllBytes(folder[$"embeddings/{name}.safetensors.x.part"], new byte[1000]);
            File.SetLastWriteTimeUtc(folder[$"embeddings/{name}.safetensors.x.part"], DateTime.UtcNow.AddHours(-hours));
            return $"{name}.safetensors.x.part";
        }

        Part("old", 25);
        var recent = Part("recent", 1);

        Assert.Equal((0, 0L), (Store with { Limit = 2000 }).Trim());
        Assert.Equal(recent, Assert.Single(Files).Name);
    }

    [Fact]
    public async Task Trimming_beside_one_who_writes_and_deletes_is_no_error()
    {
        Directory.CreateDirectory(folder["embeddings"]);
        using var stop = new CancellationTokenSource();
        var other = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var path = folder[$"embeddings/{Guid.NewGuid():N}.safetensors"];
                File.WriteAllBytes(path, new byte[10]);
                File.Delete(path);
            }
        }, TestContext.Current.CancellationToken);

        for (var i = 0; i < 2000; i++)
            (Store with { Limit = 5 }).Trim();

        await stop.CancelAsync();
        await other;
        Directory.Delete(folder["embeddings"], recursive: true);
        Assert.Equal((0, 0L), (Store with { Limit = 5 }).Trim());
    }

    [Fact]
    public void What_would_be_too_large_passes_the_layers_each_time()
    {
        using var embedder = new Embedder(Store, "here") { MostBytes = 60 * 8 * 4 - 1 };

        Assert.Null(embedder.Of(model.Layers, 4, train.Images));
        Assert.False(Directory.Exists(folder["embeddings"]));
        Assert.Equal(
            Values(new Predictor(model).Embeddings(train.Images)),
            Values(new Predictor(model) { Embedder = embedder, Depth = 4 }.Embeddings(train.Images)));
    }

    private Tensor With(int depth)
    {
        using var embedder = new Embedder(Store, "here");
        return new Predictor(model) { Embedder = embedder, Depth = depth }.Embeddings(train.Images);
    }

    private void Count(Classifier counted) =>
        ((Conv2d)counted.Features.named_children().Single(layer => layer.name == "conv2").module).register_forward_pre_hook((_, images) =>
        {
            passed += images.shape[0];
            return images;
        });

    private static float[] Values(Tensor values) => values.data<float>().ToArray();
}
