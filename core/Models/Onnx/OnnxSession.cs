using System.Text.RegularExpressions;
using MedTransfer.Runtime.Native;
using Microsoft.ML.OnnxRuntime;

namespace MedTransfer.Models.Onnx;

/// <summary>A model of an ONNX file in ONNX Runtime, on the processor: one operation after the other, the same bits each time for the same number of threads.</summary>
internal sealed partial class OnnxSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly string path;

    /// <summary>Loads the model.</summary>
    /// <param name="threads">That share the work of an operation.</param>
    /// <exception cref="MedTransferException">It can't be run: operators or versions of them that ONNX Runtime does not know, or shapes that do not fit.</exception>
    public OnnxSession(OnnxFile file, int threads)
    {
        var version = NativeOnnx.Load();
        path = file.Path;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,   // what fails is said once, by the exception
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");   // several trials share the processor
        try
        {
            session = new(file.Content, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new MedTransferException($"{path}: ONNX Runtime {version} can't run it ({Reason(e)}): export it with an opset and operators that it knows.", e);
        }
    }

    /// <summary>One output of an image, or of several.</summary>
    /// <param name="image">Row-major, of the type that the model takes: float32, or bytes.</param>
    /// <param name="shape">Of the image, with its batch.</param>
    /// <returns>The output's elements and its shape.</returns>
    /// <exception cref="MedTransferException">The model does not take such an image, or gives no float32 array.</exception>
    public (float[] Values, long[] Shape) Run<T>(string input, T[] image, long[] shape, string output) where T : unmanaged
    {
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var value = OrtValue.CreateTensorValueFromMemory(image, shape);
        try
        {
            using var results = session.Run(run, [input], [value], [output]);
            var type = results[0].GetTensorTypeAndShape();
            return type.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float
                ? (results[0].GetTensorDataAsSpan<float>().ToArray(), type.Shape)
                : throw new MedTransferException($"{path}: its output '{output}' is {type.ElementDataType}, not float32: name another output, or export it in single precision.");
        }
        catch (OnnxRuntimeException e)
        {
            throw new MedTransferException($"{path}: does not take an image of shape ({string.Join(", ", shape)}) ({Reason(e)}): give the image size that it was made for.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private static string Reason(OnnxRuntimeException error)
    {
        var text = Place().Replace(error.Message.ReplaceLineEndings(" "), "").Trim().TrimEnd('.');
        return text.Length > 200 ? $"{text[..197]}..." : text;
    }

    /// <summary>What a message begins with and says nothing here: a code, and a line and a function of ONNX Runtime's sources.</summary>
    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*(\S+:\d+ .*?\) (?=[A-Z]))?")]
    private static partial Regex Place();
}
