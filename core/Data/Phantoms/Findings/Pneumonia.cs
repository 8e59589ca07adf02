namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>Airspaces filled in one region or two, mostly low: dense in the middle, mottled, fading into the lung.</summary>
internal sealed class Pneumonia : PatchedLung
{
    public Pneumonia(Anatomy anatomy, Draws draws)
    {
        // One in seven was taken too early to show more than a trace.
        var strength = draws.Chance(0.14) ? draws.Between(0.08, 0.2) : draws.Between(0.55, 1);
        var patches = new Patch[1 + draws.Below(3)];
        for (var i = 0; i < patches.Length; i++)
        {
            var (x, y) = anatomy.InLung(draws.Side(), draws.Between(0.1, 0.7), draws.Between(0.4, 0.92));
            patches[i] = new()
            {
                X = x,
                Y = y,
                HalfWidth = anatomy.CageHalfWidth * draws.Between(0.25, 0.48),
                HalfHeight = anatomy.CageHalfWidth * draws.Between(0.25, 0.5),
                Density = strength * draws.Between(0.8, 1.15),
                Softness = 0.45,
                Ragged = 0.3,
                Mottled = 0.5,
                Pattern = draws.Seed(),
            };
        }
        Patches = patches;
    }
}
