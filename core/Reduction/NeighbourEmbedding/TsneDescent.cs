using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>
/// Gradient descent with momentum and a gain for each coordinate, which grows while the gradient keeps its direction and
/// shrinks when it turns (Jacobs, Neural Networks 1, 1988, as in van der Maaten and Hinton, 2008).
/// </summary>
internal sealed class TsneDescent
{
    private const float GainUp = 0.2f;
    private const float GainDown = 0.8f;
    private const float LeastGain = 0.01f;

    /// <summary>No point moves farther in one iteration, in units of the map; without it a large learning rate can throw points out.</summary>
    private const float LongestStep = 5;

    private readonly TsneObjective _objective;
    private readonly TsneOptions _options;
    private readonly float[][] _steps, _gains;
    private Positions _places, _next;

    internal TsneDescent(TsneObjective objective, TsneOptions options, float[,] start)
    {
        (_objective, _options) = (objective, options);
        (_places, _next) = (new Positions(start), new Positions(start));
        _steps = [.. Enumerable.Range(0, _places.Dimensions).Select(_ => new float[_places.Padded])];
        _gains = [.. _steps.Select(step => Enumerable.Repeat(1f, step.Length).ToArray())];
    }

    /// <summary>(n, 2) or (n, 3): the map after all iterations, its mean at the origin.</summary>
    internal float[,] Run(IProgress<ReductionProgress>? progress, CancellationToken cancellation)
    {
        var iterations = _options.EarlyIterations + _options.Iterations;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var z = _objective.SumOfKernels(_places, cancellation);
            if (progress is not null && iteration > 0 && iteration % _options.ReportEvery == 0)
                progress.Report(new ReductionProgress(iteration, iterations, _objective.KlDivergence(_places, z)));
            Step(iteration < _options.EarlyIterations ? _options.EarlyExaggeration : 1, z);
        }
        return _places.Centred();
    }

    private void Step(double exaggeration, double z)
    {
        var rate = Vector256.Create((float)(_options.LearningRate ?? Math.Max(200, _places.Count / exaggeration)));
        var momentum = Vector256.Create((float)_options.Momentum);
        _objective.ForEachGradient(_places, exaggeration, z, (first, gradient) =>
        {
            Span<Vector256<float>> steps = stackalloc Vector256<float>[gradient.Length];
            Vector256<float> square = default;
            for (var axis = 0; axis < steps.Length; axis++)
            {
                steps[axis] = NextStep(gradient[axis], _steps[axis], _gains[axis], first, rate, momentum);
                square = Vector256.FusedMultiplyAdd(steps[axis], steps[axis], square);
            }
            var shorten = Vector256.Min(Vector256<float>.One, Vector256.Create(LongestStep) / Vector256.Sqrt(square));
            for (var axis = 0; axis < steps.Length; axis++) Move(steps[axis] * shorten, axis, first);
        });
        (_places, _next) = (_next, _places);
    }

    private static Vector256<float> NextStep(
        Vector256<float> gradient, float[] steps, float[] gains, int first, Vector256<float> rate, Vector256<float> momentum)
    {
        var step = Vector256.Create(steps, first);
        var gain = Vector256.Create(gains, first);
        // A step goes against the gradient it came from: signs that differ mean that the direction is kept.
        var kept = Vector256.LessThan(step, default) ^ Vector256.LessThan(gradient, default);
        gain = Vector256.ConditionalSelect(
            kept, gain + Vector256.Create(GainUp), Vector256.Max(gain * Vector256.Create(GainDown), Vector256.Create(LeastGain)));
        gain.CopyTo(gains, first);
        return momentum * step - rate * gain * gradient;
    }

    private void Move(Vector256<float> step, int axis, int first)
    {
        var next = _next.Axes[axis];
        step.CopyTo(_steps[axis], first);
        (Vector256.Create(_places.Axes[axis], first) + step).CopyTo(next, first);
        for (var i = first; i < first + Positions.Lanes; i++) _next.ByPoint[_next.Stride * i + axis] = next[i];
    }
}
