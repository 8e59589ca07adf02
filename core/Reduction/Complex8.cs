using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>Eight complex numbers.</summary>
internal readonly record struct Complex8(Vector256<float> Re, Vector256<float> Im)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Complex8 operator +(Complex8 a, Complex8 b) => new(a.Re + b.Re, a.Im + b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Complex8 operator -(Complex8 a, Complex8 b) => new(a.Re - b.Re, a.Im - b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Complex8 operator *(Complex8 a, Complex8 b) =>
        new(Vector256.FusedMultiplyAdd(a.Re, b.Re, -(a.Im * b.Im)), Vector256.FusedMultiplyAdd(a.Re, b.Im, a.Im * b.Re));

    /// <summary>a + factor b</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Complex8 Add(Complex8 a, float factor, Complex8 b) =>
        new(Vector256.FusedMultiplyAdd(Vector256.Create(factor), b.Re, a.Re), Vector256.FusedMultiplyAdd(Vector256.Create(factor), b.Im, a.Im));

    /// <summary>-i times this</summary>
    internal Complex8 TurnedBack
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Im, -Re);
    }
}
