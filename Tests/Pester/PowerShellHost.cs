using System.Diagnostics;
using System.Reflection;

namespace LocalDeblur.Tests.Pester;

/// <summary>
/// The PowerShell that runs the Pester tests: that of the package which the build brought, so that there is one wherever the SDK is, or
/// another one, which the environment variable <c>LOCALDEBLUR_PWSH</c> names.
/// </summary>
internal static class PowerShellHost
{
    /// <summary>Name or path of an installed <c>pwsh</c> to use instead of the package's.</summary>
    private const string Variable = "LOCALDEBLUR_PWSH";

    /// <summary>The manifest of the Pester module that the build brought.</summary>
    public static string Pester => Path.Combine(Package("PesterPackage"), "tools", "Pester.psd1");

    /// <summary>Starts a script with its streams redirected and its input closed.</summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(string script, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } installed)
        {
            start.FileName = installed;
        }
        else
        {
            start.FileName = "dotnet";
            start.ArgumentList.Add(Path.Combine(Package("PowerShellPackage"), "tools", "net10.0", "any", OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll"));
        }

        foreach (string argument in (ReadOnlySpan<string>)["-NoProfile", "-NonInteractive", "-File", script, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["NO_COLOR"] = "1";
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Where a package lies that the build brought but the tests do not reference.</summary>
    private static string Package(string name) =>
        typeof(PowerShellHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;
}
