namespace MedTransfer.Data.Phantoms;

/// <summary>
/// Deals findings to images like cards: every ill image gets one, the others go to ill images at random. Frequencies are exact in each
/// split, down to findings of which there is one in several hundred images.
/// </summary>
internal static class FindingDeal
{
    /// <summary>Training images of ChestMNIST, those without a finding, and those with each.</summary>
    private const int Images = 78468, Healthy = 42405;

    // With fewer, no split could tell how well a finding is recognised.
    private const int Least = 3;

    private static readonly int[] Positives = [7996, 1950, 9261, 13914, 3988, 4375, 978, 3705, 3263, 1690, 1799, 1158, 2279, 144];

    /// <summary>(N, 14) findings, 0 or 1, in ChestMNIST's proportions; each finding at least three times.</summary>
    public static Labels LikeChestMnist(int images, Draws draws)
    {
        var deck = Positives.SelectMany((count, kind) => Enumerable.Repeat(kind, Math.Max(Least, Share(images, count)))).ToArray();
        draws.Shuffle(deck);
        var ill = Enumerable.Range(0, images).ToArray();
        draws.Shuffle(ill);
        var illImages = images - Share(images, Healthy);

        var findings = new byte[images, Positives.Length];
        for (var card = 0; card < deck.Length; card++)
        {
            var image = ill[card < illImages ? card : draws.Below(illImages)];
            while (findings[image, deck[card]] == 1) image = ill[draws.Below(illImages)];
            findings[image, deck[card]] = 1;
        }
        return Labels.Of(findings);
    }

    /// <summary>(N, 1) classes, so many of them 1.</summary>
    public static Labels TwoClasses(int images, int positives, Draws draws)
    {
        var order = Enumerable.Range(0, images).ToArray();
        draws.Shuffle(order);
        var classes = new byte[images, 1];
        foreach (var image in order.AsSpan(0, positives)) classes[image, 0] = 1;
        return Labels.Of(classes);
    }

    private static int Share(int images, int count) => (int)(((long)images * count + Images / 2) / Images);
}
