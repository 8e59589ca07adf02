/// Points whose places on a sheet are known, flat in space or not: what "linear" and "non-linear data" are by construction.
module MedTransfer.Recipes.KnownShapes

open System
open MedTransfer.Numerics

type Shape = {
    Name: string
    IsLinear: bool
    /// Points in space, and where on their sheet each lies.
    Draw: int -> float32[,] * float32[,]
}

let private count = 400
let private noise = 0.05

let private normal (random: SplitMix64) =
    Math.Sqrt(-2.0 * Math.Log(1.0 - random.Fraction())) * Math.Cos(2.0 * Math.PI * random.Fraction())

/// Places (u, v), each 0 to 1, put into space by `place`, with a little noise in every column.
let private sheet name isLinear (sides: float * float) (place: SplitMix64 -> float -> float -> float[]) : Shape =
    let draw seed =
        // the same way into space for all points of a draw
        let random = SplitMix64(uint64 (seed: int))
        let into = place random
        let places = Array.init count (fun _ -> random.Fraction(), random.Fraction())
        let points = places |> Array.map (fun (u, v) -> into u v |> Array.map (fun x -> x + noise * normal random))
        let width, height = sides

        Array2D.init count points[0].Length (fun i j -> float32 (points[i].[j])),
        Array2D.init count 2 (fun i j -> float32 (if j = 0 then width * fst places[i] else height * snd places[i]))

    { Name = name; IsLinear = isLinear; Draw = draw }

/// The angle at which the spiral of radius 1 + angle is so long, by halving.
let private angleAt length =
    let primitive r = (r * sqrt (1.0 + r * r) + Math.Asinh r) / 2.0

    let rec halve low high step =
        let middle = (low + high) / 2.0

        if step = 0 then
            middle
        elif primitive (1.0 + middle) - primitive 1.0 < length then
            halve middle high (step - 1)
        else
            halve low middle (step - 1)

    halve 0.0 length 60

let all: Shape list = [
    sheet "plane in 20 dimensions" true (8.0, 4.0) (fun random ->
        let unit (x: float[]) = Array.map (fun a -> a / sqrt (Array.sumBy (fun b -> b * b) x)) x
        let across = unit (Array.init 20 (fun _ -> normal random))
        let other = Array.init 20 (fun _ -> normal random)
        let shared = Array.map2 (*) across other |> Array.sum
        let up = unit (Array.map2 (fun a b -> b - shared * a) across other)
        fun u v -> Array.map2 (fun a b -> 8.0 * u * a + 4.0 * v * b) across up)
    sheet "Swiss roll" false (15.0, 4.0) (fun _ u v ->
        let t = angleAt (15.0 * u)
        [| (1.0 + t) * cos t; 4.0 * v; (1.0 + t) * sin t |])
    sheet "S-curve" false (3.0 * Math.PI, 4.0) (fun _ u v ->
        let t = 3.0 * Math.PI * (u - 0.5)
        [| sin t; 4.0 * v; float (sign t) * (cos t - 1.0) |])
    sheet "three quarters of a cylinder" false (1.5 * Math.PI * 1.5, 4.0) (fun _ u v ->
        let angle = 1.5 * Math.PI * u
        [| 1.5 * cos angle; 1.5 * sin angle; 4.0 * v |])
]
