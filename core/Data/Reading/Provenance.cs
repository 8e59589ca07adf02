namespace MedTransfer.Data.Reading;

/// <summary>Where images come from and what a study of them is about, for a person to fill in; null where nobody did.</summary>
public sealed record Provenance
{
    /// <summary>Hospital or practice.</summary>
    public string? Site { get; init; }

    /// <summary>What the images were taken with, and how.</summary>
    public string? Device { get; init; }

    /// <summary>When they were taken.</summary>
    public string? Period { get; init; }

    /// <summary>Approval of an ethics committee, consent, licence.</summary>
    public string? Ethics { get; init; }

    /// <summary>How the labels were made, and by whom.</summary>
    public string? Labelling { get; init; }

    /// <summary>Whether the images were collected for the study (prospective) or before it (retrospective).</summary>
    public string? Design { get; init; }

    /// <summary>Who was included and excluded, and how they were found.</summary>
    public string? Eligibility { get; init; }

    /// <summary>Age, sex and what else is known of those who are shown.</summary>
    public string? Population { get; init; }

    /// <summary>What was done so that nobody is known again, before the import.</summary>
    public string? Deidentification { get; init; }

    /// <summary>Why the labels stand for what is to be known, where others could.</summary>
    public string? Rationale { get; init; }

    /// <summary>How far readers agree with each other and with themselves.</summary>
    public string? Agreement { get; init; }

    /// <summary>What those who made the labels knew, and did not.</summary>
    public string? Blinding { get; init; }

    /// <summary>Why there are so many images, of test above all.</summary>
    public string? SampleSize { get; init; }

    /// <summary>The clinical question, and what there is for it already.</summary>
    public string? Background { get; init; }

    /// <summary>For whom, by whom and at which point of care a model is meant.</summary>
    public string? IntendedUse { get; init; }

    /// <summary>Known differences between groups of people, and what was done about them.</summary>
    public string? Fairness { get; init; }

    /// <summary>What patients had been treated with, where it matters.</summary>
    public string? Treatments { get; init; }

    /// <summary>What may be wrong, and for whom it may not hold.</summary>
    public string? Limitations { get; init; }

    /// <summary>What follows for practice and for further work.</summary>
    public string? Implications { get; init; }

    /// <summary>Of patients and the public, or that there was none.</summary>
    public string? Involvement { get; init; }

    /// <summary>Who paid, and what they decided.</summary>
    public string? Funding { get; init; }

    /// <summary>Interests of the authors.</summary>
    public string? Conflicts { get; init; }

    /// <summary>Where the protocol is.</summary>
    public string? Protocol { get; init; }

    /// <summary>Where the study is registered.</summary>
    public string? Registration { get; init; }

    /// <summary>Where data, code and model are to be had, and how.</summary>
    public string? Availability { get; init; }
}
