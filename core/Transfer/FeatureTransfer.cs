using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Transfer;

/// <summary>
/// Takes one part's weights over from another model, layer by layer, where names and shapes are the same, whatever wraps the names in a file; nothing
/// is broadcast or guessed. A layer, all that has one name but for its last component, is taken whole or not at all: a bias means nothing beside
/// other weights. Floats of other widths are converted to 32 bits. A first convolution that saw colour is summed over its channels where this one
/// sees grey, one that saw grey is repeated and divided by their number where it sees colour: both then give of a grey image what they gave.
/// </summary>
public static class FeatureTransfer
{
    /// <summary>Copies every layer of <c>features</c> that fits; what follows them (a head, a decoder) has a task of its own and stays.</summary>
    /// <param name="model">Receives the weights.</param>
    /// <param name="weights">A trained model's weights by name.</param>
    public static TransferOutcome Apply(nn.Module model, IReadOnlyDictionary<string, SafeTensor> weights)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradient = no_grad();
        var own = model.state_dict();
        var match = new WeightMatch(WeightShape.Of(own), WeightShape.Of(weights));
        foreach (var copy in match.Copies)
        {
            if (copy.IsOfOtherChannels)
                weights[copy.Given].CopyChannelsTo(own[copy.Own]);
            else
                weights[copy.Given].CopyTo(own[copy.Own]);
        }

        return match.Outcome;
    }

    /// <summary>What <see cref="Apply"/> would take, and what it would leave.</summary>
    /// <param name="own">The receiving model's weights and buffers.</param>
    /// <param name="given">Those of the trained model.</param>
    public static TransferOutcome Compare(IReadOnlyDictionary<string, WeightShape> own, IReadOnlyDictionary<string, WeightShape> given) => new WeightMatch(own, given).Outcome;

    /// <summary>What a classifier of such images would take of a file, of which the header alone is read.</summary>
    /// <exception cref="MedTransferException">The file can't be read.</exception>
    public static TransferOutcome Forecast(WeightsOrigin file, ModelOptions options, DatasetInfo data)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var model = Classifier.Create(options, data, seed: 0);
        return Compare(WeightShape.Of(model.state_dict()), WeightFile.Shapes(file.Path));
    }
}
