using System.Reflection;

namespace LocalDeblur;

/// <summary>What this program calls itself in labels, histories and reports.</summary>
public static class ProgramName
{
    /// <summary>The version of the module, for example "0.1.0".</summary>
    public static string Version { get; } =
        typeof(ProgramName).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Name and version, for example "LocalDeblur 0.1.0".</summary>
    public static string WithVersion { get; } = $"LocalDeblur {Version}";
}
