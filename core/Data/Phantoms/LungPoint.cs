namespace MedTransfer.Data.Phantoms;

/// <summary>A point of a lung's shadow, and where in the lung it is; lengths in body units.</summary>
/// <param name="Side">-1 in the patient's right lung, 1 in the left.</param>
/// <param name="ToWall">Distance to the ribs, sideways.</param>
/// <param name="ToBase">Distance to the diaphragm, downwards.</param>
/// <param name="ToApex">Distance to the height of the lung's tip, upwards.</param>
/// <param name="ToHilum">Distance to where the vessels enter.</param>
internal readonly record struct LungPoint(
    double X, double Y, int Side, double ToWall, double ToBase, double ToApex, double ToHilum);
