namespace LocalDeblur.PowerShell;

/// <summary>Where Get-Help -Online finds the cmdlets' pages.</summary>
internal static class HelpPages
{
    /// <summary>The folder docs/en-US of the repository. Each page there has the name of its cmdlet.</summary>
    public const string Folder = "https://github.com/localdeblur/localdeblur/blob/main/docs/en-US/";
}
