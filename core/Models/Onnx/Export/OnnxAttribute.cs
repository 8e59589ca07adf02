namespace MedTransfer.Models.Onnx.Export;

/// <summary>A constant of an operation: field numbers are those of onnx.proto's AttributeProto.</summary>
/// <param name="Message">As the file has it.</param>
internal readonly record struct OnnxAttribute(ProtobufMessage Message)
{
    private const int FloatType = 1, IntegerType = 2, TextType = 3, IntegersType = 7;

    public static OnnxAttribute Of(string name, long value) => Typed(name, IntegerType, message => message.Number(3, value));

    public static OnnxAttribute Of(string name, float value) => Typed(name, FloatType, message => message.Single(2, value));

    public static OnnxAttribute Of(string name, string value) => Typed(name, TextType, message => message.Text(4, value));

    public static OnnxAttribute Of(string name, IEnumerable<long> values) => Typed(name, IntegersType, message =>
    {
        foreach (var value in values)
            message.Number(8, value);
    });

    private static OnnxAttribute Typed(string name, int type, Action<ProtobufMessage> value)
    {
        var message = new ProtobufMessage().Text(1, name);
        value(message);
        return new(message.Number(20, type));
    }
}
