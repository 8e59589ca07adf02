namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>One small round shadow or a few.</summary>
internal sealed class Nodule : PatchedLung
{
    public Nodule(Anatomy anatomy, Draws draws)
    {
        var patches = new Patch[1 + draws.Below(3)];
        for (var i = 0; i < patches.Length; i++)
        {
            var (x, y) = anatomy.InLung(draws.Side(), draws.Between(0.2, 0.9), draws.Between(0.2, 0.9));
            var radius = draws.Between(0.04, 0.075);
            patches[i] = new()
            {
                X = x,
                Y = y,
                HalfWidth = radius,
                HalfHeight = radius,
                Density = draws.Between(0.65, 1),
                Softness = 0.25,
            };
        }
        Patches = patches;
    }
}

/// <summary>A dense, rounded shadow, more than 3 cm across.</summary>
internal sealed class Mass : PatchedLung
{
    public Mass(Anatomy anatomy, Draws draws)
    {
        var (x, y) = anatomy.InLung(draws.Side(), draws.Between(0.25, 0.85), draws.Between(0.25, 0.85));
        var radius = draws.Between(0.10, 0.18);
        Patches =
        [
            new()
            {
                X = x,
                Y = y,
                HalfWidth = radius,
                HalfHeight = radius * draws.Between(0.85, 1.15),
                Density = draws.Between(0.75, 1),
                Softness = 0.15,
                Ragged = 0.12,
                Pattern = draws.Seed(),
            },
        ];
    }
}
