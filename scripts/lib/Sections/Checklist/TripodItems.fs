/// The 27 items of TRIPOD+AI (Collins et al. 2024, BMJ 385:e078378) with their parts, in our words.
module MedTransfer.Recipes.TripodItems

open MedTransfer.Recipes.ChecklistItem

/// In their order.
let items: Item list = [
    at
        "1"
        "a prediction model is developed or evaluated, of whom, for which outcome"
        [ Opening; Data ]
        "The title says what is compared; the classes or findings are below Data."
    at
        "2"
        "a summary as TRIPOD+AI has it for abstracts"
        [ Opening ]
        "Question, verdict and figures; an abstract in words is yours to write."
    yours "3a" "context, rationale, models that there are" background []
    yours "3b" "target population, purpose, users" intendedUse []
    yours "3c" "known inequalities in health" fairness []
    at
        "4"
        "objectives: development, evaluation or both"
        [ Opening; Comparison ]
        "Both: ways are trained, and tested on images that they did not learn from."
    yours "5a" "sources of data, and whom they represent" site [ Data ]
    yours "5b" "dates" period []
    yours "6a" "setting, number and place of centres" site []
    yours "6b" "eligibility" eligibility [ Data ]
    yours "6c" "treatments" treatments []
    fact "7" "preparation of data and its checks" [ Data; Method ] ChecklistSentences.preprocessing
    yours "8a" "the outcome, and how it was assessed" labelling [ Data ]
    yours "8b" "who assessed it, where that is a matter of judgement" labelling []
    yours "8c" "blinding of the assessment" blinding []
    at "9a" "choice of predictors" [ Method ] "Pixels alone: nothing else of a patient is given to a model."
    yours "9b" "definition of predictors, when and how measured" device [ Data ]
    none "9c" "who assessed predictors, where that is a matter of judgement" "pixels are measured, not judged"
    yours "10" "how the size of the study came about" sampleSize [ Comparison; Curve ]
    fact "11" "missing data" [ Data ] ChecklistSentences.missing
    fact "12a" "how data were used and split" [ Data; Method ] ChecklistSentences.partition
    fact "12b" "how predictors enter the analysis" [ Method ] ChecklistSentences.preprocessing
    fact "12c" "kind of model, how it was built, tuned and internally validated" [ Method; Tuning ] ChecklistSentences.trainings
    undone "12d" "how differences between clusters, such as hospitals, were handled" ChecklistSentences.clusters
    fact "12e" "measures of performance, and why these" [ Scores; Decision; Comparison ] ChecklistSentences.columns
    byRun "12f" "updating of a model, such as recalibration" [ Decision; Model ] ChecklistSentences.updating
    at
        "12g"
        "how predictions were calculated"
        [ Method; Model ]
        "By the weights that each trial left, in the same pass as its scores."
    fact "13" "class imbalance" [ Data; Method ] ChecklistSentences.balance
    yours "14" "fairness" fairness []
    fact "15" "output of the model, and thresholds" [ Decision; Model ] ChecklistSentences.output
    fact "16" "differences between data of development and evaluation" [ Data ] ChecklistSentences.shift
    yours "17" "ethics approval and consent" ethics []
    yours "18a" "funding" funding []
    yours "18b" "conflicts of interest" conflicts []
    yours "18c" "protocol" protocol []
    yours "18d" "registration" registration []
    yours "18e" "sharing of data" availability [ Data ]
    yours "18f" "sharing of code" availability [ Environment ]
    yours "19" "involvement of patients and the public" involvement []
    yours "20a" "flow of participants, with and without the outcome" eligibility [ Data ]
    yours "20b" "characteristics of participants" population [ Data ]
    fact "20c" "predictors and outcome of development and evaluation side by side" [ Data ] ChecklistSentences.shift
    at
        "21"
        "participants and outcomes in each analysis"
        [ Data; Method ]
        "Images of each split by label; how many images trainings learned from."
    fact "22" "the full model" [ Environment; Model ] ChecklistSentences.model
    byRun "23a" "performance with intervals, of key groups too" [ Scores; Comparison ] ChecklistSentences.groups
    undone "23b" "differences in performance between clusters" ChecklistSentences.clusters
    byRun "24" "results of updating" [ Decision; Model ] ChecklistSentences.updating
    yours "25" "interpretation, fairness included" implications [ Opening ]
    yours "26" "limitations" limitations [ Opening; Data ]
    byRun "27a" "input that is poor or missing, in use" [ Model ] ChecklistSentences.poorInput
    yours "27b" "what users do with input and output, and the expertise it takes" intendedUse []
    yours "27c" "next steps of research" implications []
]
