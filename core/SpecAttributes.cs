namespace MedTransfer;

/// <summary>Marks a property of a spec that says where something is, not what it is: it is written with the spec, but is no part of a trial's name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WhereaboutsAttribute : Attribute;

/// <summary>Marks a property of a spec that draws at random and decides nothing else: trials that differ in such alone are of one configuration.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SeedAttribute : Attribute;
