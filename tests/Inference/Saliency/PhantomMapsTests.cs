using MedTransfer.Evaluation.Images;
using MedTransfer.Inference.Saliency;
using MedTransfer.Models;
using MedTransfer.Tests.Training;

namespace MedTransfer.Tests.Inference.Saliency;

/// <summary>Whether maps show what a trained model goes by, where it is known what there is to see.</summary>
[Collection(OneAtATime.Name)]
public sealed class PhantomMapsTests(TrainedOnPhantoms trained) : IClassFixture<TrainedOnPhantoms>
{
    [Fact]
    public void HiResCam_points_at_the_pneumonia_far_more_often_than_a_random_place_does()
    {
        var game = PointingGame.Of(Maps(trained.Model), trained.Masks);

        Assert.InRange(game.Accuracy, game.ByChance + 0.2, 1);
    }

    [Fact]
    public void Occlusion_points_at_it_too()
    {
        const int Few = 40;
        using var images = trained.First(Few);
        var masks = new bool[Few, images.Shape.Height, images.Shape.Width];
        Array.Copy(trained.Masks, masks, masks.Length);

        var game = PointingGame.Of(new Occlusion(trained.Model, trained.Task).Of(images, 1, TestContext.Current.CancellationToken), masks);

        Assert.InRange(game.Accuracy, game.ByChance + 0.2, 1);
    }

    // Adebayo et al. 2018: a map that were the same of a model that has learned nothing would show the image, not the model
    [Fact]
    public void Maps_of_a_randomised_model_are_others_and_those_of_another_training_much_the_same()
    {
        using var random = TrainedOnPhantoms.Random();
        using var again = trained.Trained(seed: 2);
        var (maps, ofRandom, ofAnother) = (Maps(trained.Model), Maps(random), Maps(again));

        Assert.InRange(Similarity(maps, ofRandom), -1, 0.3);
        Assert.InRange(Similarity(maps, ofAnother), 0.4, 1);
    }

    private float[,,] Maps(Classifier model) => new HiResCam(model, trained.Task).Of(trained.Images, 1, TestContext.Current.CancellationToken);

    // mean structural similarity, 1 for the same
    private static double Similarity(float[,,] maps, float[,,] others) =>
        ImageFidelity.OfEach(Rows(maps), Rows(others), new(1, maps.GetLength(1), maps.GetLength(2))).Average(error => error.Ssim);

    private static float[,] Rows(float[,,] maps)
    {
        var rows = new float[maps.GetLength(0), maps.GetLength(1) * maps.GetLength(2)];
        Buffer.BlockCopy(maps, 0, rows, 0, rows.Length * sizeof(float));
        return rows;
    }
}
