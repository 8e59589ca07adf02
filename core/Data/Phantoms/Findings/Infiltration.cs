namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>Ill-defined, patchy and faint.</summary>
internal sealed class Infiltration : PatchedLung
{
    public Infiltration(Anatomy anatomy, Draws draws)
    {
        var side = draws.Side();
        var patches = new Patch[1 + draws.Below(3)];
        for (var i = 0; i < patches.Length; i++)
        {
            var (x, y) = anatomy.InLung(draws.Chance(0.7) ? side : -side, draws.Between(0.15, 0.75), draws.Between(0.35, 0.9));
            patches[i] = new()
            {
                X = x,
                Y = y,
                HalfWidth = draws.Between(0.14, 0.24),
                HalfHeight = draws.Between(0.14, 0.26),
                Density = draws.Between(0.3, 0.55),
                Softness = 0.6,
                Ragged = 0.35,
                Mottled = 0.75,
                Pattern = draws.Seed(),
            };
        }
        Patches = patches;
    }
}
