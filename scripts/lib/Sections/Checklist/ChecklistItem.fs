/// What a checklist asks for: an item of a guideline, in our words under its number, and how it is answered.
module MedTransfer.Recipes.ChecklistItem

open MedTransfer.Data.Checks
open MedTransfer.Data.Reading

/// A part of a report, which not every recipe has.
type Place =
    /// The first screen.
    | Opening
    | Data
    | Method
    /// The comparison that was named beforehand, or the recommended way.
    | Comparison
    /// Tables of every way.
    | Scores
    | Tuning
    | Decision
    | Curve
    | Model
    | Examples
    | Environment

/// By what the way is chosen that a run recommends.
type Choice =
    /// By nothing: what is compared is named beforehand.
    | NamedBefore
    /// By nothing: no weights are transferred, and no way is compared.
    | NothingToChoose
    | ByValidation
    /// By folds of the training images.
    | ByInnerFolds
    /// For each fold by the others.
    | ByOtherFolds

/// What a run knows of itself.
type Facts = {
    Scheme: TestScheme
    Choice: Choice
    KnowsPatients: bool
    LacksLabels: bool
    UncertainAs: int option
    /// How pixels were made ready; None where the set does not say.
    Pixels: string option
    /// Whether an import counted files that became no image.
    CountsLeftOut: bool
    HasTwoClasses: bool
    IsMultiLabel: bool
    /// Whether trainings learn from samples of what there is to learn from.
    HasSamples: bool
    /// The fewest and the most that a way has.
    Seeds: int * int
    /// Why scores and differences have no interval; None where they have.
    NoInterval: string option
    HasEnsembles: bool
    /// Whether a training does something about classes of unequal size.
    Balances: bool
    Software: string
}

/// What only a person knows: a key of "about" in the set's card.
type Key = { Name: string; Of: Provenance -> string | null }

/// What a run has to say of an item.
type Finding =
    /// It describes it, in a sentence.
    | Done of string
    /// It has not done it, and what would.
    | Undone of string
    /// It does not arise in such a run, and why.
    | NotOfIt of string

type Answer =
    /// The run answers: there, where it has done it.
    | OfRun of Place list * (Facts -> Finding)
    /// A person has to; what the run has to say of it is there.
    | Yours of Key * Place list

type Item = { Number: string; Asks: string; Answer: Answer }

let private item number asks answer : Item = { Number = number; Asks = asks; Answer = answer }

/// By what the run knows.
let byRun number asks places (finding: Facts -> Finding) = item number asks (OfRun(places, finding))

/// Described there, by what the run knows.
let fact number asks places (sentence: Facts -> string) = byRun number asks places (sentence >> Done)

/// Described there, in the same words for every run.
let at number asks places sentence = fact number asks places (fun _ -> sentence)

/// Done by no run, and what would do it.
let undone number asks (sentence: Facts -> string) = byRun number asks [] (sentence >> Undone)

/// For a person to fill in.
let yours number asks key places = item number asks (Yours(key, places))

/// Not of any such run, and why.
let none number asks reason = byRun number asks [] (fun _ -> NotOfIt reason)

let site = { Name = "site"; Of = _.Site }
let device = { Name = "device"; Of = _.Device }
let period = { Name = "period"; Of = _.Period }
let ethics = { Name = "ethics"; Of = _.Ethics }
let labelling = { Name = "labelling"; Of = _.Labelling }
let design = { Name = "design"; Of = _.Design }
let eligibility = { Name = "eligibility"; Of = _.Eligibility }
let population = { Name = "population"; Of = _.Population }
let deidentification = { Name = "deidentification"; Of = _.Deidentification }
let rationale = { Name = "rationale"; Of = _.Rationale }
let agreement = { Name = "agreement"; Of = _.Agreement }
let blinding = { Name = "blinding"; Of = _.Blinding }
let sampleSize = { Name = "sampleSize"; Of = _.SampleSize }
let background = { Name = "background"; Of = _.Background }
let intendedUse = { Name = "intendedUse"; Of = _.IntendedUse }
let fairness = { Name = "fairness"; Of = _.Fairness }
let treatments = { Name = "treatments"; Of = _.Treatments }
let limitations = { Name = "limitations"; Of = _.Limitations }
let implications = { Name = "implications"; Of = _.Implications }
let involvement = { Name = "involvement"; Of = _.Involvement }
let funding = { Name = "funding"; Of = _.Funding }
let conflicts = { Name = "conflicts"; Of = _.Conflicts }
let protocol = { Name = "protocol"; Of = _.Protocol }
let registration = { Name = "registration"; Of = _.Registration }
let availability = { Name = "availability"; Of = _.Availability }
