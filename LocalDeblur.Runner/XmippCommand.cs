using System.CommandLine;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur xmipp install FOLDER` and `uninstall FOLDER`: links under the names of Xmipp's programs, so that Scipion's protocols find this one.</summary>
internal static class XmippCommand
{
    private const string Kept = ".original";

    /// <summary>The published programs that this one stands in for.</summary>
    public static IReadOnlyList<string> Programs { get; } = [XmippSharpeningCommand.Name, XmippResolutionCommand.Name];

    /// <summary>Describes the command.</summary>
    public static Command Create() => new("xmipp", "Puts this program in the place of Xmipp's programs for LocalDeblur and MonoRes, or takes it away again.")
    {
        Create("install", $"Makes links {string.Join(" and ", Programs)} in a folder. Programs of these names are kept, with {Kept} behind their names.", Install),
        Create("uninstall", "Removes those links, and gives kept programs their names back.", Uninstall),
    };

    private static Command Create(string name, string description, Action<string, string> act)
    {
        var folder = new Argument<string>("folder") { Description = "Folder of Xmipp's programs, its bin; or another one that stands first in PATH." };
        var command = new Command(name, description) { folder };
        command.SetAction((parsed, _) => CommandOutcome.OfAsync(command, () =>
        {
            string place = Path.GetFullPath(parsed.GetRequiredValue(folder));
            if (!Directory.Exists(place))
            {
                throw new EngineException(EngineError.MapFileNotFound, $"There is no folder '{place}'. Give the folder of Xmipp's programs.", place);
            }

            try
            {
                foreach (string program in Programs)
                {
                    act(Path.Combine(place, program), program);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new EngineException(EngineError.MapFileInaccessible, $"'{place}' cannot be changed: {failure.Message}", place, failure);
            }

            return Task.CompletedTask;
        }));
        return command;
    }

    private static void Install(string path, string name)
    {
        string target = OwnPath();
        if (!IsOurs(path) && (File.Exists(path) || new FileInfo(path).LinkTarget is not null))
        {
            if (File.Exists(path + Kept))
            {
                throw new EngineException(EngineError.MapFileExists, $"'{path}' is to be kept as '{name}{Kept}', which exists. Remove or rename one of them.", path);
            }

            File.Move(path, path + Kept);
            Console.Out.WriteLine($"Kept {path}{Kept}");
        }

        // A link is made beside the name and then takes it over, so that the name never stands for nothing.
        string fresh = path + ".new";
        File.Delete(fresh);
        File.CreateSymbolicLink(fresh, target);
        File.Move(fresh, path, overwrite: true);
        Console.Out.WriteLine($"Linked {path} to {target}");
    }

    private static void Uninstall(string path, string name)
    {
        if (!IsOurs(path))
        {
            Console.Out.WriteLine($"{path} is no link to this program; left as it is.");
            return;
        }

        File.Delete(path);
        Console.Out.WriteLine($"Removed {path}");
        if (File.Exists(path + Kept))
        {
            File.Move(path + Kept, path);
            Console.Out.WriteLine($"{name} is the kept program again.");
        }
    }

    // A link to any copy of this program: another version may have made it, or this one may have moved since.
    private static bool IsOurs(string path) =>
        new FileInfo(path).LinkTarget is { } target && Path.GetFileName(target) == Path.GetFileName(InvokedName.ProgramFile);

    private static string OwnPath()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange, "Links to this program work on Linux alone, where Xmipp runs. Elsewhere give the program's name as the first argument.");
        }

        string? path = Environment.ProcessPath;
        return Path.GetFileName(path) == InvokedName.ProgramFile
            ? path!
            : throw new EngineException(
                EngineError.ParameterOutOfRange, $"This program runs inside '{path}', which a link cannot start it with. Start '{InvokedName.ProgramFile}' itself.", path);
    }
}
