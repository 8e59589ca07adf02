namespace MedTransfer;

/// <summary>Marks a property of a spec that draws at random and decides nothing else: trials that differ in such alone are of one configuration.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SeedAttribute : Attribute;
