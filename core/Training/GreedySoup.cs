using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>
/// A greedy soup (Wortsman et al., "Model soups", ICML 2022): one network whose weights are the mean of several's that were tuned from the same start. From the best on validation to the
/// worst, each joins if the mean with it scores no lower there; of equals the one named first comes first.
/// </summary>
internal static class GreedySoup
{
    /// <summary>The network, on the CPU, and the places in the list of those that are in it.</summary>
    /// <param name="members">Weights of each, features and head, by name.</param>
    /// <param name="validation">On the CPU.</param>
    /// <param name="metric">By which they are told apart: one that the task reports, or the loss.</param>
    /// <exception cref="MedTransferException">Weights do not fit, or validation does not define the metric.</exception>
    public static (Classifier Model, IReadOnlyList<int> Chosen) Of(
        ModelOptions options, DatasetInfo data, IReadOnlyList<IReadOnlyDictionary<string, SafeTensor>> members, LabelledImages validation, string metric, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var states = members.Select(weights =>
        {
            using var member = Classifier.Trained(options, data, weights);
            return member.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.clone());
        }).ToList();
        var model = Classifier.Trained(options, data, members[0]);
        var ranked = Enumerable.Range(0, states.Count).Select(member => (Member: member, Worth: WorthOf([member]))).OrderByDescending(member => member.Worth).ToList();
        var (chosen, best) = (new List<int> { ranked[0].Member }, ranked[0].Worth);
        foreach (var (member, _) in ranked.Skip(1))
        {
            var worth = WorthOf([.. chosen, member]);
            if (!(worth >= best))
                continue;
            chosen.Add(member);
            best = worth;
        }

        Put(chosen);
        return (model, chosen);

        double WorthOf(IReadOnlyList<int> some)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            Put(some);
            var assessed = new Predictor(model).Assess(validation);
            return new BestScore(metric).Worth(new(1, null, 0, assessed.Loss, assessed.Scores.Values));
        }

        // the mean of floats in double; a counter of batches is the first's
        void Put(IReadOnlyList<int> some)
        {
            foreach (var (name, own) in model.state_dict())
            {
                using var inner = NewDisposeScope();
                own.copy_(own.is_floating_point()
                    ? some.Select(member => states[member][name].to(ScalarType.Float64)).Aggregate((a, b) => a.add(b, Scalars.One)).div(Scalars.Kept(some.Count))
                    : states[some[0]][name]);
            }
        }
    }
}
