/// The 44 items of CLAIM (Tejani et al. 2024, Radiology: Artificial Intelligence 6:e240300), in our words.
module MedTransfer.Recipes.ClaimItems

open MedTransfer.Recipes.ChecklistItem

/// In their order.
let items: Item list = [
    at
        "1"
        "the study is named as one of AI, with the kind of it"
        [ Opening ]
        "The title and the question name the training; the kind of network is below Method."
    at
        "2"
        "a summary of design, methods, results and conclusions"
        [ Opening ]
        "Question, verdict, whether to trust it, and its figures; an abstract in words is yours to write."
    yours "3" "background, and what the model is meant for" background []
    fact "4" "aims and hypotheses" [ Opening; Comparison ] ChecklistSentences.question
    yours "5" "prospective or retrospective" design []
    at "6" "what kind of study it is" [ Opening ] "A comparison of ways to train a model, on images that they did not learn from."
    yours "7" "where data come from" site [ Data ]
    yours "8" "who was included and excluded" eligibility [ Data ]
    fact "9" "preprocessing of images" [ Data; Method ] ChecklistSentences.preprocessing
    byRun "10" "choice of parts of the data" [ Data; Method ] ChecklistSentences.samples
    yours "11" "de-identification" deidentification []
    fact "12" "missing data" [ Data ] ChecklistSentences.missing
    yours "13" "how images were acquired" device []
    yours "14" "how the reference standard was obtained" labelling []
    yours "15" "why this reference standard" rationale []
    yours "16" "who annotated, with which qualification" labelling []
    yours "17" "annotation of the test images" labelling [ Data ]
    yours "18" "agreement between and within annotators" agreement []
    fact "19" "how data were split" [ Data; Method ] ChecklistSentences.partition
    fact "20" "at which level splits share nothing" [ Data ] ChecklistSentences.patients
    yours "21" "intended size of the test data" sampleSize [ Data; Comparison ]
    at "22" "the model in detail" [ Method; Model ] "Network, weights and layers that train, of each way; every spec is a file."
    fact "23" "software and its versions" [ Environment ] _.Software
    at
        "24"
        "how parameters start"
        [ Method ]
        "Initial weights of each way: at random by the seed, or from weights that are named."
    fact "25" "how it was trained" [ Method; Tuning ] ChecklistSentences.trainings
    fact "26" "how the final model was chosen" [ Method; Model; Tuning ] ChecklistSentences.choice
    byRun "27" "ensembles" [ Method ] ChecklistSentences.ensembles
    fact "28" "measures of performance" [ Scores; Decision ] ChecklistSentences.measures
    byRun "29" "significance and uncertainty" [ Comparison; Scores ] ChecklistSentences.uncertainty
    fact "30" "robustness or sensitivity" [ Curve; Scores; Data ] ChecklistSentences.robustness
    undone "31" "explainability" ChecklistSentences.explanation
    fact "32" "evaluation on internal data" [ Scores; Method ] ChecklistSentences.partition
    undone "33" "testing on external data" ChecklistSentences.otherSets
    yours "34" "registration of a trial" registration []
    fact "35" "numbers included and excluded" [ Data ] ChecklistSentences.counts
    yours "36" "demographic and clinical characteristics of each split" population [ Data ]
    fact
        "37"
        "performance of the final model on each part of the data, and for groups"
        [ Opening; Scores ]
        ChecklistSentences.performance
    byRun "38" "diagnostic accuracy and its precision" [ Scores; Decision ] ChecklistSentences.precision
    byRun "39" "failures: what was classified wrongly" [ Examples ] ChecklistSentences.failures
    yours "40" "limitations" limitations [ Opening; Data ]
    yours "41" "implications for practice" implications [ Model ]
    yours "42" "the full protocol" protocol [ Environment ]
    yours "43" "availability of software, model and data" availability [ Environment; Model ]
    yours "44" "funding and the role of funders" funding []
]
