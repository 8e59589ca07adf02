/// What a checklist asks for: an item of a guideline, in our words under its number, and how it is answered.
module MedTransfer.Recipes.ChecklistItem

open MedTransfer.Data.Reading

type Guideline =
    | Claim
    | TripodAi

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

/// What a run knows of itself, a sentence each.
type Facts = {
    Patients: string
    Missing: string
    Preprocessing: string
    Partition: string
    Seeds: string
    Software: string
}

/// What only a person knows: a key of "about" in the set's card.
type Key = { Name: string; Of: Provenance -> string | null }

type Answer =
    /// The run describes it there; a sentence from what it knows.
    | Described of Place list * (Facts -> string)
    /// A person has to; what the run has to say of it is there.
    | Yours of Key * Place list
    /// It does not arise in such a run, and why.
    | NotApplicable of reason: string

type Item = { Guideline: Guideline; Number: string; Asks: string; Answer: Answer }

let private item number asks answer guideline = { Guideline = guideline; Number = number; Asks = asks; Answer = answer }

/// Described there, in the same words for every run.
let at number asks places text = item number asks (Described(places, (fun _ -> text)))

/// Described there, by what the run knows.
let fact number asks places (text: Facts -> string) = item number asks (Described(places, text))

/// For a person to fill in.
let yours number asks key places = item number asks (Yours(key, places))

/// Not of such a run, and why.
let none number asks reason = item number asks (NotApplicable reason)

/// The items of a guideline, in their order.
let itemsOf (guideline: Guideline) (items: (Guideline -> Item) list) : Item list = [ for item in items -> item guideline ]

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
