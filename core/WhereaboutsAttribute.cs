namespace MedTransfer;

/// <summary>Marks a property of a spec that says where something is, not what it is: it is written with the spec, but is no part of a trial's name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WhereaboutsAttribute : Attribute;
