/// Every way with its scores, what a time was spent on, and what is transferred.
module MedTransfer.Recipes.Sections.TransferTables

open MedTransfer.Evaluation
open MedTransfer.Recipes
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations

/// Every way with its scores, and less no transfer.
let ways (lab: Lab) (tested: TestedTransfer list) = [
    Heading "Ways"
    Table(
        "ways",
        "Test scores of every way: mean ± standard deviation over seeds, from five on with a 95 % interval that counts in seeds and test images (patients, where they are known); of folds the mean of their scores. The last column is the difference in ROC AUC to no transfer, each by itself.",
        Table.ofRows [ "ROC AUC"; "ACC"; $"AUC minus {none}" ] [
            for way, all in tested |> List.groupBy _.Way ->
                way,
                [
                    TransferAnswer.scoreText Metric.RocAuc all
                    TransferAnswer.scoreText Metric.Accuracy all
                    (if way = none then "" else Comparisons.differenceText 3 (less way none tested))
                ]
        ]
    )
]

/// What a time was spent on, and what was left out of it.
let budget (lab: Lab) (steps: Budget.Step list) =
    match lab.Options.Budget with
    | None -> []
    | Some budget -> [
        Heading "Budget"
        WordTable(
            "plan",
            $"What --budget {TimeLeft.span budget.TotalSeconds} was spent on, in the order in which it was decided, by what a few batches and the trainings before took. Repeating this page's trainings repeats what was run.",
            Table.ofRows [ "trainings"; "expected"; "run" ] [
                for step in steps ->
                    step.What, [ string step.Trainings; TimeLeft.span step.Seconds; (if step.IsTaken then "yes" else "no") ]
            ]
        )
      ]

// what kinds of transfer take of a source besides weights that learned its labels
let private kinds (lab: Lab) (source: Sources.Source) (ways: string list) = [
    let run =
        lab.Options.Kinds
        |> List.filter (fun kind ->
            let name = $"{Sources.nameOf source}, {kind.Title}"
            ways |> List.exists (fun way -> way = name || way.StartsWith $"{name}, "))

    let titles (some: Kind list) = some |> List.map _.Title |> String.concat ", "

    match source with
    | Sources.Trained _ -> ()
    | Sources.Pretrained set ->
        match run |> List.filter (fun kind -> KindWays.needsImages kind && not (KindWays.learnsFirst kind)) with
        | [] -> ()
        | seeing ->
            Text
                $"{set.Name}, {titles seeing}: the images that its weights learned from take part in every training on {lab.Target.Name}, which begins with these weights. {FamilyTables.labelsNote lab set}"

        match run |> List.filter KindWays.learnsFirst with
        | [] -> ()
        | first ->
            Text
                $"{set.Name}, {titles first}: the study's CNN learns its images without labels, once for all seeds: what another such training would be worth is in no interval."

    if List.contains Kind.RelationalDistillation run then
        Text
            $"{Sources.nameOf source}, {Kind.RelationalDistillation.Title}: the CNN of no transfer begins with random weights; of the source it takes relations between the images, no weight."

    if List.contains Kind.GreedySoup run then
        Text $"{Sources.nameOf source}: {Transfers.soupRemark}"
]

// whether a way that was run takes the weights that the set's labels have taught, or its autoencoder
let private takesFirst (lab: Lab) (source: Sources.Source) (ways: string list) =
    let own = $"{Sources.nameOf source}, "

    let others = [
        for kind in lab.Options.Kinds do
            if KindWays.learnsFirst kind then
                $"{own}{kind.Title}, "
    ]

    ways
    |> List.exists (fun way -> way.StartsWith own && not (others |> List.exists (fun other -> way.StartsWith other)))

/// What is transferred, and how each network sees the images; `ways` are those that were run.
let sources (lab: Lab) (sources: Sources.Source list) (ways: string list) =
    let target = (lab.Load lab.Target.All).Info

    [
        if not sources.IsEmpty then
            Heading "Sources"

        for source in sources do
            match source with
            | Sources.Trained backbone ->
                Text $"{Backbones.text target backbone}."
                yield! backbone.Taken |> Option.map (fun taken -> Text $"{taken}.") |> Option.toList

                if Sources.isTrial backbone then
                    Text
                        $"{backbone.Name}: whether images that it learned from are among those tested is known by their file alone; name the set itself as --source to have the images compared."
            | Sources.Pretrained set when not (takesFirst lab source ways) -> ()
            | Sources.Pretrained set when (lab.Load set.All).Info.Task.HasValue ->
                Text $"{set.Name}: the study's CNN learns its labels first, once a seed."
            | Sources.Pretrained set ->
                Text $"{set.Name}: an autoencoder learns to draw its images, without labels; its encoder is transferred."

            yield! kinds lab source ways
    ]
