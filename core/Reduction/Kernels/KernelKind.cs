namespace MedTransfer.Reduction.Kernels;

/// <summary>How alike two points x and y are.</summary>
public enum KernelKind
{
    /// <summary>exp(-gamma |x - y|^2)</summary>
    Rbf,

    /// <summary>x . y: principal component analysis itself.</summary>
    Linear,

    /// <summary>(gamma x . y + offset)^degree</summary>
    Polynomial,

    /// <summary>tanh(gamma x . y + offset): not always positive definite, where only its positive part is drawn.</summary>
    Sigmoid,

    /// <summary>x . y / (|x| |y|); 0 where either is 0.</summary>
    Cosine,
}
