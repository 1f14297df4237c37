namespace LocalDeblur.Maps;

/// <summary>When the label of a map names a step of its history.</summary>
public enum StepTelling
{
    /// <summary>Always: the step makes the map what it is.</summary>
    Always,

    /// <summary>Only while it is the last step: else it was made on the way to something else.</summary>
    WhenLast,

    /// <summary>Never: it only says where the map came from.</summary>
    Never,
}
