/// Two surfaces of which one knows what a map should show: a plane, and a plane that is rolled up.
module MedTransfer.Recipes.Surfaces

open System
open MedTransfer.Numerics

/// Points of a surface in space, and where each lies on the surface itself.
type Surface = {
    Name: string
    /// (n, 3)
    Points: float32[,]
    /// (n, 2): coordinates along the surface, in the same unit of length.
    Unrolled: float32[,]
}

let private count = 800

let private surface name (place: float -> float -> float * float * float) (along: float -> float -> float * float) =
    let random = SplitMix64 1UL
    let coordinates = [| for _ in 1..count -> random.Fraction(), random.Fraction() |]
    let points = Array2D.zeroCreate count 3
    let unrolled = Array2D.zeroCreate count 2

    coordinates
    |> Array.iteri (fun i (u, v) ->
        let x, y, z = place u v
        let s, t = along u v
        points[i, 0] <- float32 x
        points[i, 1] <- float32 y
        points[i, 2] <- float32 z
        unrolled[i, 0] <- float32 s
        unrolled[i, 1] <- float32 t)

    { Name = name; Points = points; Unrolled = unrolled }

let private length, private width = 90.0, 21.0

/// A rectangle that lies askew in space.
let plane =
    surface "plane" (fun u v -> 0.6 * length * u, width * v, 0.8 * length * u) (fun u v -> length * u, width * v)

/// The Swiss roll of Tenenbaum et al. (2000): (t cos t, width v, t sin t), t from 1.5 pi to 4.5 pi.
let swissRoll =
    let angle u = 1.5 * Math.PI * (1.0 + 2.0 * u)
    // length of the spiral r = t
    let arc t = 0.5 * (t * sqrt (1.0 + t * t) + Math.Asinh t)

    surface "Swiss roll" (fun u v -> angle u * cos (angle u), width * v, angle u * sin (angle u)) (fun u v ->
        arc (angle u) - arc (angle 0.0), width * v)
