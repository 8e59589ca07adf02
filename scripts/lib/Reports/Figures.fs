/// Figures as XPlot charts, each with a text of what it shows for who can't see it.
module MedTransfer.Recipes.Figures

open System
open System.Collections.Generic
open System.Net
open XPlot.Plotly
open MedTransfer.Training
open MedTransfer.Trials

// plotly reads HTML in names and titles: as entities they show as they are
let private escaped (text: string) = WebUtility.HtmlEncode text

/// A chart, and what it shows.
type Figure = {
    Chart: PlotlyChart
    Says: string
    /// Whose pictures its points show when hovered, by the name under which the page has them; points say which "image" they are.
    Pictures: string option
    /// One of a pair of maps, or of several: they stand beside each other.
    IsMap: bool
}

let private sized width height (layout: Layout) (says: string) (traces: Scatter list) =
    let chart = traces |> List.map (fun trace -> trace :> Trace) |> fun all -> Chart.Plot(all, layout)
    chart.WithSize(width, height)
    { Chart = chart; Says = says; Pictures = None; IsMap = false }

let private asMap figure = { figure with IsMap = true }

// where each line begins and ends
let private ends (named: (string * (float * float) list) list) =
    named
    |> List.choose (fun (name, points) ->
        match points with
        | [] -> None
        | _ -> Some $"{name} from {Outcomes.number 3 (snd points.Head)} to {Outcomes.number 3 (snd (List.last points))}")
    |> String.concat "; "

// means by number of images
let private byImages (ways: (string * (int * float option list) list) list) =
    String.concat "; " [
        for way, points in ways ->
            let means = [ for images, values in points -> $"{images}: {Outcomes.meanText 3 values}" ]
            $"""{way} {String.concat ", " means}"""
    ]

// as many lines as are drawn: what shares a colour differs in its dashes
let private line i =
    Line(
        color = Marks.colours[i % Marks.colours.Length],
        dash = [| "solid"; "dash"; "dot"; "dashdot" |][i / Marks.colours.Length % 4]
    )

let private margin = Margin(l = 50., r = 20., t = 40., b = 40.)

let private meanByEpoch (pick: EpochRecord -> float option) (results: TrialResult list) =
    results
    |> List.collect (fun result -> [ for record in result.History -> record.Epoch, pick record ])
    |> List.choose (fun (epoch, value) -> value |> Option.map (fun v -> epoch, v))
    |> List.groupBy fst
    |> List.sortBy fst
    // where some have stopped early, the rest is no fair mean
    |> List.filter (fun (_, values) -> values.Length = results.Length)
    |> List.map (fun (epoch, values) -> epoch, values |> List.averageBy snd)

/// Curves of a figure over epochs, mean over seeds, one line a way that trains in epochs.
let curves title (pick: EpochRecord -> float option) (outcomes: Outcome list) =
    let lines =
        Outcomes.ways outcomes
        |> List.map (fun (name, all) -> name, all |> List.map _.Result |> meanByEpoch pick)
        |> List.filter (fun (_, points) -> points.Length > 1)

    let traces = [
        for i, (name, points) in List.indexed lines ->
            Scatter(x = List.map fst points, y = List.map snd points, mode = "lines", name = escaped name, line = line i)
    ]

    let says =
        lines |> List.map (fun (name, points) -> name, [ for epoch, value in points -> float epoch, value ]) |> ends

    sized
        560
        360
        (Layout(title = escaped title, xaxis = Xaxis(title = "epoch"), margin = margin))
        $"{title} over epochs: {says}."
        traces

/// Named lines through points.
let lines title across up (all: (string * (float * float) list) list) =
    let traces = [
        for i, (name, points) in List.indexed all ->
            Scatter(
                x = List.map fst points,
                y = List.map snd points,
                mode = (if points.Length > 30 || points.Length = 2 then "lines" else "lines+markers"),
                name = escaped name,
                line = line i
            )
    ]

    sized
        560
        360
        (Layout(title = escaped title, xaxis = Xaxis(title = across), yaxis = Yaxis(title = up), margin = margin))
        $"{title}, {up} over {across}: {ends all}."
        traces

/// Scores over the number of training images as points with a bar of one standard deviation, and fitted curves, which are dotted beyond the most that were measured.
let learningCurves score (most: int) (ways: (string * (int * float option list) list * (float * float) list) list) =
    let traces = [
        for i, (name, points, curve) in List.indexed ways do
            let colour = Marks.colours[i % Marks.colours.Length]

            let summarised =
                points
                |> List.choose (fun (images, values) -> Outcomes.summary values |> Option.map (fun summary -> images, summary))

            Scatter(
                x = [ for images, _ in summarised -> float images ],
                y = [ for _, summary in summarised -> summary.Mean ],
                mode = "markers",
                name = escaped name,
                error_y =
                    Error_y(
                        ``type`` = "data",
                        array = [ for _, summary in summarised -> summary.StandardDeviation.GetValueOrDefault() ],
                        visible = true
                    ),
                marker = Marker(color = colour)
            )

            for dash, part in
                [
                    "solid", curve |> List.filter (fun (images, _) -> images <= float most)
                    "dot", curve |> List.filter (fun (images, _) -> images >= float most)
                ] do
                Scatter(
                    x = List.map fst part,
                    y = List.map snd part,
                    mode = "lines",
                    showlegend = false,
                    line = Line(color = colour, dash = dash)
                )
    ]

    // the numbers that were learned from, as a logarithmic axis of its own has none of them
    let measured =
        ways
        |> List.collect (fun (_, points, _) -> List.map fst points)
        |> List.append [ 2 * most ]
        |> List.distinct
        |> List.sort

    let x =
        Xaxis(title = "training images", ``type`` = "log", tickvals = measured, ticktext = List.map string measured)

    sized
        760
        420
        (Layout(xaxis = x, yaxis = Yaxis(title = score), margin = Margin(l = 60., r = 20., t = 20., b = 50.)))
        $"{score} by training images: {byImages [ for name, points, _ in ways -> name, points ]}."
        traces

/// Differences with their intervals, a row a way in the order given, coloured by group; one without an interval is a point alone.
let forest of' (rows: (string * string * float * (float * float) option) list) =
    let placed = List.indexed rows
    let colours = rows |> List.map (fun (group, _, _, _) -> group) |> List.distinct

    let traces = [
        for i, group in List.indexed colours do
            let own = placed |> List.filter (fun (_, (of', _, _, _)) -> of' = group)

            let reach pick = [
                for _, (_, _, difference, interval) in own ->
                    interval |> Option.map (fun bounds -> abs (pick bounds - difference)) |> Option.defaultValue 0.0
            ]

            Scatter(
                x = [ for _, (_, _, difference, _) in own -> difference ],
                y = [ for place, _ in own -> place ],
                mode = "markers",
                name = escaped group,
                text = [ for _, (_, name, _, _) in own -> escaped name ],
                error_x =
                    Error_x(
                        ``type`` = "data",
                        symmetric = false,
                        array = reach snd,
                        arrayminus = reach fst,
                        color = Marks.colours[i % Marks.colours.Length],
                        visible = true
                    ),
                marker = Marker(size = 8, color = Marks.colours[i % Marks.colours.Length])
            )
    ]

    let longest = rows |> List.map (fun (_, name, _, _) -> name.Length) |> List.fold max 0

    let y =
        Yaxis(
            tickvals = List.map fst placed,
            ticktext = [ for _, (_, name, _, _) in placed -> escaped name ],
            autorange = "reversed",
            showgrid = false,
            zeroline = false
        )

    let says = [
        for _, name, difference, interval in rows ->
            match interval with
            | Some(low, high) ->
                $"{name} {Outcomes.signed 3 difference}, from {Outcomes.signed 3 low} to {Outcomes.signed 3 high}"
            | None -> $"{name} {Outcomes.signed 3 difference}, without an interval"
    ]

    sized
        760
        (24 * rows.Length + 110)
        (Layout(
            xaxis = Xaxis(title = escaped of', zeroline = true, zerolinecolor = "#000000"),
            yaxis = y,
            margin = Margin(l = 7. * float longest + 20., r = 20., t = 20., b = 50.)
        ))
        $"""{of'}, with 95 %% intervals: {String.concat "; " says}."""
        traces

/// A score over the number of training images, mean over the seeds that have it, with a bar of one standard deviation, one line a way.
let bySize score (ways: (string * (int * float option list) list) list) =
    let summarised (points: (int * float option list) list) =
        points
        |> List.choose (fun (images, values) -> Outcomes.summary values |> Option.map (fun summary -> images, summary))

    let traces = [
        for i, (name, points) in List.indexed ways ->
            let points = summarised points
            let deviations = [ for _, summary in points -> summary.StandardDeviation.GetValueOrDefault() ]

            Scatter(
                x = List.map fst points,
                y = [ for _, summary in points -> summary.Mean ],
                mode = "lines+markers",
                name = escaped name,
                error_y = Error_y(``type`` = "data", array = deviations, visible = true),
                line = line i
            )
    ]

    let x = Xaxis(title = "training images", ``type`` = "log")

    sized
        760
        420
        (Layout(xaxis = x, yaxis = Yaxis(title = score), margin = Margin(l = 60., r = 20., t = 20., b = 50.)))
        $"{score} by training images: {byImages ways}."
        traces

/// The first two columns of points, the second all 0 where there is but one, coloured by class; of class -1, in grey, are those of none.
let map title (classNames: IReadOnlyList<string>) (points: float32[,]) (classes: IReadOnlyList<int>) =
    let points =
        if Array2D.length2 points = 1 then
            Array2D.init (Array2D.length1 points) 2 (fun i j -> if j = 0 then points[i, 0] else 0f)
        else
            points

    // a thousandth of what the places span tells points apart
    let span =
        let all = points |> Seq.cast<float32>
        if Seq.isEmpty all then 0.0 else float (Seq.max all) - float (Seq.min all)

    let digits =
        if span > 0.0 && span < 1.0 then
            min 15 (3 + int (Math.Ceiling(-(Math.Log10 span))))
        else
            3

    let rounded value = Math.Round(float value, digits)
    let rows = Seq.indexed classes |> Seq.groupBy snd |> Seq.map (fun (c, all) -> c, Seq.map fst all) |> dict
    let marks = Marks.ofClasses classNames classes
    let isCrowded = marks.Length > Marks.colours.Length

    let traces = [
        for name, drawn, (colour, symbol) in marks do
            let rows = drawn |> Seq.collect (fun c -> rows[c]) |> List.ofSeq

            Scatter(
                x = [ for i in rows -> rounded points[i, 0] ],
                y = [ for i in rows -> rounded points[i, 1] ],
                mode = "markers",
                name = escaped name,
                text = [ for i in rows -> $"image {i}" ],
                hoverinfo = "text+name",
                marker = Marker(size = (if isCrowded then 6 else 4), opacity = 0.6, color = colour, symbol = symbol)
            )
    ]

    let hidden = Xaxis(showticklabels = false, zeroline = false)
    let width, height = if isCrowded then 560, 480 else 345, 330

    // a long legend goes below the points, not over them: plotly sets it in columns as wide as the longest name
    let below =
        if isCrowded then
            let longest = marks |> List.map (fun (name, _, _) -> name.Length) |> List.max
            let columns = max 1 ((width - 70) / (7 * longest + 45))
            20 * ((marks.Length + columns - 1) / columns)
        else
            0

    sized
        width
        (height + below)
        (Layout(
            title = escaped title,
            xaxis = hidden,
            yaxis = Yaxis(showticklabels = false, zeroline = false),
            margin = Margin(l = 50., r = 20., t = 40., b = 40. + float below),
            legend = Legend(orientation = "h")
        ))
        (let counts =
            marks
            |> List.map (fun (name, drawn, _) -> $"{drawn |> List.sumBy (fun c -> Seq.length rows[c])} points of {name}")

         $"""{title}: a map of {String.concat ", " counts}.""")
        traces
    |> asMap

/// Points in the plane, coloured by a value from blue to yellow.
let gradient title (points: float32[,]) (values: float list) =
    let rounded column = [ for i in 0 .. Array2D.length1 points - 1 -> Math.Round(float points[i, column], 3) ]

    let marker =
        Marker(size = 4, opacity = 0.8, color = [ for value in values -> Math.Round(value, 2) ], colorscale = "Viridis")

    let hidden = Xaxis(showticklabels = false, zeroline = false)

    sized
        345
        330
        (Layout(title = escaped title, xaxis = hidden, yaxis = Yaxis(showticklabels = false, zeroline = false), margin = margin))
        $"{title}: a map of {values.Length} points, coloured from the lowest value, {Outcomes.number 2 (List.min values)}, to the highest, {Outcomes.number 2 (List.max values)}."
        [ Scatter(x = rounded 0, y = rounded 1, mode = "markers", marker = marker, showlegend = false) ]
    |> asMap

/// Both maps of a representation, each saying what it shows; `pictures` names those of its images where the page has them.
let maps classNames (pictures: string option) (representation: Maps.Representation) =
    let title name = $"{name}: {representation.Of}, {Maps.splitText representation.Split}"
    let classes = representation.Embeddings.Classes

    [
        { map (title "PCA") classNames representation.Pca classes with Pictures = pictures }
        match representation.Tsne with
        | Some points -> { map (title "t-SNE") classNames points classes with Pictures = pictures }
        | None -> ()
    ]
