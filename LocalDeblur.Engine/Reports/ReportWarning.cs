namespace LocalDeblur.Reports;

/// <summary>What the user should know of a run, and what to do about it.</summary>
/// <param name="Text">What is doubtful, one or two sentences.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ReportWarning(string Text, string Remedy)
{
    /// <summary>Both.</summary>
    public override string ToString() => $"{Text} {Remedy}";
}
