/// The 44 items of CLAIM (Tejani et al. 2024, Radiology: Artificial Intelligence 6:e240300), in our words.
module MedTransfer.Recipes.ClaimItems

open MedTransfer.Recipes.ChecklistItem

/// In their order.
let items: Item list =
    itemsOf Claim [
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
        at
            "4"
            "aims and hypotheses"
            [ Opening; Comparison ]
            "The question, and the comparison that was named before anything was run."
        yours "5" "prospective or retrospective" design []
        at
            "6"
            "what kind of study it is"
            [ Opening ]
            "A comparison of ways to train a model, on images that no model learned from."
        yours "7" "where data come from" site [ Data ]
        yours "8" "who was included and excluded" eligibility [ Data ]
        fact "9" "preprocessing of images" [ Data; Method ] _.Preprocessing
        at "10" "choice of parts of the data" [ Data; Method ] "Sizes of samples; each is drawn by a seed, stratified by label."
        yours "11" "de-identification" deidentification []
        fact "12" "missing data" [ Data ] _.Missing
        yours "13" "how images were acquired" device []
        yours "14" "how the reference standard was obtained" labelling []
        yours "15" "why this reference standard" rationale []
        yours "16" "who annotated, with which qualification" labelling []
        yours "17" "annotation of the test images" labelling [ Data ]
        yours "18" "agreement between and within annotators" agreement []
        fact "19" "how data were split" [ Data; Method ] _.Partition
        fact "20" "at which level splits share nothing" [ Data ] _.Patients
        yours "21" "intended size of the test data" sampleSize [ Data; Comparison ]
        at
            "22"
            "the model in detail"
            [ Method; Model ]
            "Network, weights and layers that train, of each way; every spec is a file."
        fact "23" "software and its versions" [ Environment ] _.Software
        at
            "24"
            "how parameters start"
            [ Method ]
            "Initial weights of each way: at random by the seed, or from a pretraining that is named."
        fact "25" "how it was trained" [ Method; Tuning ] _.Seeds
        at
            "26"
            "how the final model was chosen"
            [ Method; Model; Tuning ]
            "Which epoch is kept, and by what, before test images are looked at."
        at "27" "ensembles" [ Method ] "A way that is a mean of models says so, with the training of each."
        at
            "28"
            "measures of performance"
            [ Scores; Decision ]
            "Accuracy and its like, ROC AUC, calibration where there are two classes."
        at
            "29"
            "significance and uncertainty"
            [ Comparison; Scores ]
            "95 % intervals that count in seeds, samples and test images, adjusted for several comparisons."
        at
            "30"
            "robustness or sensitivity"
            [ Curve; Scores; Data ]
            "Sizes of the training sample, controls, looks for shortcuts and leaks."
        none "31" "explainability" "this page explains no single prediction; predict.fsx shows where a model looks"
        fact "32" "evaluation on internal data" [ Scores; Method ] _.Partition
        none
            "33"
            "testing on external data"
            "this run tests on one set alone; predict.fsx -- --external scores its model on another, on a page of its own"
        yours "34" "registration of a trial" registration []
        at "35" "numbers included and excluded" [ Data ] "Images of each split by label; files that were left out are noted."
        yours "36" "demographic and clinical characteristics of each split" population [ Data ]
        at "37" "performance with its uncertainty" [ Opening; Comparison; Scores ] ""
        at
            "38"
            "diagnostic performance and its precision"
            [ Decision; Scores ]
            "Sensitivity and specificity at a threshold that was chosen on other images."
        at
            "39"
            "failures: what was classified wrongly"
            [ Examples ]
            "The test images that are surest and wrong, or labels to look at again; predictions.csv of each trial has every image."
        yours "40" "limitations" limitations [ Opening; Data ]
        yours "41" "implications for practice" implications [ Model ]
        yours "42" "the full protocol" protocol [ Environment ]
        yours "43" "availability of software, model and data" availability [ Environment; Model ]
        yours "44" "funding and the role of funders" funding []
    ]
