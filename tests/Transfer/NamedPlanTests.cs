using MedTransfer.Models;
using MedTransfer.Tests.Trials;
using MedTransfer.Transfer;

namespace MedTransfer.Tests.Transfer;

/// <summary>Plans by their names: what each is of a network, and what is refused.</summary>
public sealed class NamedPlanTests
{
    private static readonly Origin Elsewhere = new TrialOrigin("elsewhere");
    private static readonly ModelOptions ConvNet = new();
    private static readonly ModelOptions ResNet = new() { Architecture = Architecture.ResNet18 };

    [Fact]
    public void Names_are_those_of_the_field() => Assert.Equal(
        ["frozen", "frozen-to:LAYER", "last-stage", "fine-tuned", "lp-ft", "gradual", "discriminative", "l2-sp"], NamedPlan.All.Select(plan => plan.Usage));

    [Fact]
    public void List_is_read_in_its_order_each_plan_once()
    {
        var plans = NamedPlan.ParseAll("lp-ft, frozen-to:layer3,Frozen-To layer3 ,L2-SP,frozen-to:layer2,lp-ft");

        Assert.Equal(["lp-ft", "frozen-to:layer3", "l2-sp", "frozen-to:layer2"], plans.Select(plan => plan.ToString()));
        Assert.Equal(["lp-ft", "frozen to layer3", "L2-SP", "frozen to layer2"], plans.Select(plan => plan.Title));
    }

    [Theory]
    [InlineData("frozn", "There is no plan 'frozn': name some of frozen, frozen-to:LAYER, last-stage, fine-tuned, lp-ft, gradual, discriminative, l2-sp.")]
    [InlineData("frozen,", "There is no plan '': name some of frozen, frozen-to:LAYER, last-stage, fine-tuned, lp-ft, gradual, discriminative, l2-sp.")]
    [InlineData("frozen-to", "The plan frozen-to needs a layer, the last that stays: name it as in frozen-to:layer3.")]
    [InlineData("frozen-to:", "The plan frozen-to needs a layer, the last that stays: name it as in frozen-to:layer3.")]
    [InlineData("gradual:layer3", "The plan gradual takes no layer: leave 'layer3' out.")]
    public void What_is_no_plan_is_refused_in_a_line_that_says_what_there_is(string text, string said)
    {
        var error = Assert.Throws<MedTransferException>(() => NamedPlan.ParseAll(text));

        Assert.Equal((said, true), (error.Message, error.IsUsage));
    }

    [Theory]
    [InlineData("latent2", "conv1, conv2, conv3, latent", false)]
    [InlineData("layer5", "stem, layer1, layer2, layer3, layer4, conv1, bn1, layer1.0, layer1.1, layer2.0, layer2.1, layer3.0, layer3.1, layer4.0, layer4.1", true)]
    public void Layer_that_the_network_does_not_have_is_refused_with_those_it_has(string layer, string names, bool residual)
    {
        var error = Assert.Throws<MedTransferException>(() => On($"frozen-to:{layer}", residual ? ResNet : ConvNet));

        Assert.Equal(($"The {(residual ? ResNet : ConvNet).Architecture.Title} has no layer '{layer}' to freeze up to: name one of {names}.", true), (error.Message, error.IsUsage));
    }

    [Theory]
    [InlineData("stem", "features.layer1.0", 8)]
    [InlineData("conv1", "features.bn1", 9)]
    [InlineData("layer3", "features.layer4.0", 2)]
    [InlineData("features.layer3", "features.layer4.0", 2)]
    [InlineData("layer3.0", "features.layer3.1", 3)]
    [InlineData("layer4", "head", 0)]
    public void Frozen_to_a_stage_or_a_layer_is_up_to_and_including_it(string layer, string first, int layers)
    {
        var phase = Assert.Single(On($"frozen-to {layer}", ResNet).Phases);

        Assert.Equal([.. ResNet.FeatureLayerNames.TakeLast(layers), "head"], phase.Trained);
        Assert.Contains(first, phase.Trained);
    }

    [Fact]
    public void Frozen_and_fine_tuned_are_those_that_specs_have()
    {
        Assert.Equal([["head"]], On("frozen", ResNet).Phases.Select(phase => phase.Trained));
        Assert.Equal([["features", "head"]], On("fine-tuned", ResNet).Phases.Select(phase => phase.Trained));
        Assert.Equal(new L2StartingPoint(), On("l2-sp", ResNet).Regulariser);
        Assert.All(NamedPlan.All.Where(plan => plan.Layer is null && plan.Name != "frozen-to"), plan => Assert.Equal(Elsewhere, plan.On(Elsewhere, ResNet, 20).Origin));
    }

    [Fact]
    public void Linear_probing_goes_before_fine_tuning()
    {
        var phases = On("lp-ft", ConvNet).Phases;

        Assert.Equal([["head"], ["features", "head"]], phases.Select(phase => phase.Trained));
        Assert.Equal([(true, null), (false, null)], phases.Select(phase => (phase.ToConvergence, phase.Epochs)));
    }

    [Fact]
    public void Gradual_unfreezing_goes_from_the_top_stage_by_stage_and_shares_the_epochs_out()
    {
        var phases = On("gradual", ResNet, 20).Phases;

        Assert.Equal(
            [
                ["head"],
                ["features.layer4", "head"],
                ["features.layer3", "features.layer4", "head"],
                ["features.layer2", "features.layer3", "features.layer4", "head"],
                ["features.layer1", "features.layer2", "features.layer3", "features.layer4", "head"],
                ["features", "head"],
            ],
            phases.Select(phase => phase.Trained));
        Assert.Equal([3, 3, 3, 3, 3, null], phases.Select(phase => phase.Epochs));   // five are left
    }

    [Theory]
    [InlineData(5, "head | latent | conv3 latent | conv2 conv3 latent | all")]
    [InlineData(4, "head | latent | conv3 latent | all")]
    [InlineData(3, "head | conv3 latent | all")]
    [InlineData(2, "head | all")]
    public void Fewer_epochs_unfreeze_several_stages_at_a_time(int epochs, string trained)
    {
        var phases = On("gradual", ConvNet, epochs).Phases;

        Assert.Equal(trained, string.Join(" | ", phases.Select(phase => phase.Trained[0] == "features" ? "all"
            : string.Join(' ', phase.Trained.Select(part => part.Replace("features.", "", StringComparison.Ordinal)).Where(part => part != "head").DefaultIfEmpty("head")))));
        Assert.Equal([.. Enumerable.Repeat<int?>(1, phases.Count - 1), null], phases.Select(phase => phase.Epochs));
    }

    [Fact]
    public void One_epoch_is_not_gradual()
    {
        var error = Assert.Throws<MedTransferException>(() => On("gradual", ConvNet, 1));

        Assert.Equal("A gradual plan lets the CNN train stage by stage, and has 1 epochs for 4 stages: give it 2 epochs at least, and a network that has stages.", error.Message);
    }

    // 1 / 2.6, 1 / 2.6^2, ... from the head down, as in ULMFiT
    [Fact]
    public void Each_stage_has_a_rate_2_6_times_smaller_than_the_one_behind_it()
    {
        var phase = Assert.Single(On("discriminative", ResNet).Phases);

        double[] rates = [.. new[] { "head.weight", "features.layer4.1.conv2.weight", "features.layer4.0.bn1.bias", "features.layer3.0.conv1.weight", "features.layer2.0.downsample.0.weight", "features.layer1.0.conv1.weight", "features.bn1.weight", "features.conv1.weight" }.Select(phase.RateFactor)];
        double[] expected = [1, 0.384615384615, 0.384615384615, 0.147928994083, 0.056895766955, 0.021882987290, 0.008416533573, 0.008416533573];
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal(["features", "head"], phase.Trained);
        Assert.Equal(0.1, TransferPlan.Discriminative(ConvNet, decay: 10).Phases[0].RateFactor("features.latent.bias"), 1e-15);
    }

    [Fact]
    public void A_depth_that_stays_leaves_out_the_rates_of_what_stays()
    {
        var plan = TransferPlan.Discriminative(ConvNet, decay: 10).FrozenTo(2, ConvNet).Checked(ConvNet);

        Assert.Equal(["features.conv3", "features.latent"], plan.Phases[0].RateFactors.Keys);
    }

    [Fact]
    public void Every_plan_can_be_run_on_every_network_that_learns_features() => Assert.All(
        Architecture.All.Where(architecture => architecture is { LearnsFeatures: true, ComesTrained: false }),
        architecture =>
        {
            var model = new ModelOptions { Architecture = architecture };
            Assert.All(NamedPlan.All, plan => NamedPlan.Parse(plan.Name == "frozen-to" ? $"frozen-to:{model.Stages[0].Name}" : plan.Name).On(Elsewhere, model, 20).Checked(model));
        });

    [Theory]
    [InlineData("frozen", "frozen")]
    [InlineData("frozen-to:layer3", "frozen to layer3")]
    [InlineData("frozen-to:layer3.1", "frozen to layer3")]
    [InlineData("frozen-to:layer3.0", "frozen to layer3.0")]
    [InlineData("frozen-to:stem", "frozen to stem")]
    [InlineData("frozen-to:layer4", "frozen")]
    [InlineData("fine-tuned", "fine-tuned")]
    [InlineData("lp-ft", "lp-ft")]
    [InlineData("gradual", "gradual")]
    [InlineData("discriminative", "discriminative")]
    [InlineData("l2-sp", "fine-tuned, L2-SP")]
    public void Spec_calls_a_plan_by_its_name(string name, string said)
    {
        using var data = new SquaresTrials();
        var spec = data.Spec with { Model = ResNet, Transfer = On(name, ResNet, 20), Fit = new() };

        Assert.Equal(said, spec.Checked().Describe());
        // few epochs merge stages; two phases are no more than the head first
        Assert.Equal(name == "gradual" ? "fine-tuned in 2 phases" : said, (spec with { Transfer = On(name, ResNet, 2) }).Describe());
        Assert.Equal(name == "gradual" ? "gradual" : said, (spec with { Transfer = On(name, ResNet, 3) }).Describe());
        if (!spec.Transfer.TrainsHeadAlone)
            Assert.Equal($"{said}, statistics kept", (spec with { Transfer = spec.Transfer.KeepingStatistics() }).Checked().Describe());
    }

    [Fact]
    public void Without_an_origin_a_plan_is_not_called_a_transfer()
    {
        using var data = new SquaresTrials();

        Assert.Equal("no transfer in 2 phases", (data.Spec with { Transfer = TransferPlan.HeadConverged }).Checked().Describe());
        Assert.Equal("no transfer in 3 phases", (data.Spec with { Transfer = TransferPlan.Gradual(data.Spec.Model, 3) }).Describe());
    }

    private static TransferPlan On(string name, ModelOptions model, int epochs = 20) => NamedPlan.Parse(name).On(Elsewhere, model, epochs);
}
