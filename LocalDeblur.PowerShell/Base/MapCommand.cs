using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that takes maps: resolves what it was given through PowerShell's own rules for paths.</summary>
public abstract class MapCommand : CancellableCommand
{
    private const string FileSystem = "FileSystem";

    /// <summary>Resolves a map that one item of the call is about; writes an error record where the path is none.</summary>
    internal bool TryResolve(MapInput input, [NotNullWhen(true)] out MapSource? source)
    {
        if (input.Map is not null)
        {
            source = new MapSource(input);
            return true;
        }

        source = TryResolveLiteral(input.Path!, out string? path, out ErrorRecord? error) ? new MapSource(input, path) : null;
        if (error is not null)
        {
            WriteError(error);
        }

        return source is not null;
    }

    /// <summary>Opens a map that every item of the call needs; ends the call where it cannot be opened.</summary>
    internal MapSource OpenOrThrow(MapInput input)
    {
        if (input.Map is not null)
        {
            return new MapSource(input);
        }

        if (!TryResolveLiteral(input.Path!, out string? path, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
        }

        var source = new MapSource(input, path);
        RunOrThrow($"Opening {source.Name}", source.Target, (_, _) => source.Open());
        source.TellWarnings(this);
        return source;
    }

    /// <summary>Opens a map that was given for every item of the call, if it was; ends the call where it cannot be opened.</summary>
    private protected MapSource? OpenGiven(MapInput? input) => input is null ? null : OpenOrThrow(input);

    /// <summary>Opens the map that a row of the pipeline gives beside its main one; writes an error record where it cannot be opened.</summary>
    /// <param name="input">What the parameter holds; null for nothing.</param>
    /// <param name="source">What is open: of the call or of the row before, and afterwards of this one. The same map stays open.</param>
    /// <returns>False when the row cannot be worked on.</returns>
    private protected bool TryOpen(MapInput? input, ref MapSource? source)
    {
        if (input is null || source?.Input.IsSameAs(input) == true)
        {
            source = input is null ? null : source;
            return true;
        }

        source = null;
        if (!TryResolve(input, out MapSource? given))
        {
            return false;
        }

        if (input.Map is null)
        {
            if (!TryRun($"Opening {given.Name}", given.Target, (_, _) => given.Open(), out CryoMap? _))
            {
                return false;
            }

            given.TellWarnings(this);
        }

        source = given;
        return true;
    }

    /// <summary>Does work on one map, and tells what its file deserves to be warned of.</summary>
    /// <returns>False when an error record was written instead of a result.</returns>
    internal bool TryRun<T>(
        string activity,
        MapSource source,
        Func<CryoMap, IProgress<StageProgress>, CancellationToken, T> work,
        [NotNullWhen(true)] out T? result,
        string? target = null)
        where T : notnull
    {
        bool isDone = TryRun(activity, target ?? source.Target, (progress, token) => work(source.Open(), progress, token), out result);
        source.TellWarnings(this);
        return isDone;
    }

    /// <summary>Tells what the steps of a map decided, and what the user should know.</summary>
    /// <param name="map">The map.</param>
    /// <param name="since">Steps that it had before; null to tell of the last alone.</param>
    /// <param name="told">What has been said already, and is not said again; or null.</param>
    private protected void Tell(CryoMap map, int? since = null, IEnumerable<string>? told = null)
    {
        // Several steps may warn of the same half maps.
        var said = new HashSet<string>(told ?? []);
        foreach (HistoryEntry step in map.History.Skip(since ?? map.History.Count - 1))
        {
            Tell(map.Name, step.Decisions.Except(said), step.Warnings.Except(said));
            said.UnionWith(step.Warnings);
        }
    }

    /// <summary>Reads a table that the call needs; ends the call where it cannot be read.</summary>
    /// <param name="path">A PowerShell path.</param>
    /// <param name="read">Reads the file.</param>
    private protected T ReadOrThrow<T>(string path, Func<string, T> read)
    {
        if (!TryResolveLiteral(path, out string? file, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
        }

        return RunOrThrow($"Reading {System.IO.Path.GetFileName(file)}", file!, (_, _) => read(file!));
    }

    /// <summary>The file-system path that a PowerShell path stands for, without looking whether it exists.</summary>
    /// <param name="path">A path; wildcard characters stand for themselves, a relative path follows the current location.</param>
    /// <param name="resolved">The full path.</param>
    /// <param name="error">Why there is none.</param>
    private protected bool TryResolveLiteral(string path, [NotNullWhen(true)] out string? resolved, [NotNullWhen(false)] out ErrorRecord? error)
    {
        resolved = null;
        try
        {
            string candidate = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (provider.Name == FileSystem)
            {
                resolved = candidate;
                error = null;
                return true;
            }

            error = ErrorRecords.PathNotFileSystem(path, $"belongs to PowerShell's provider {provider.Name}");
        }
        catch (Exception exception) when (IsPathRefusal(exception))
        {
            error = ErrorRecords.PathNotFileSystem(path, $"is not a path ({exception.Message})", exception);
        }

        return false;
    }

    /// <summary>As <see cref="TryResolveLiteral"/>, for a path that the whole call needs; ends the call where it is none of the file system.</summary>
    /// <param name="path">A path; null where none was given.</param>
    /// <returns>The full path; null for null.</returns>
    private protected string? ResolveOrThrow(string? path)
    {
        if (path is null)
        {
            return null;
        }

        if (!TryResolveLiteral(path, out string? full, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
        }

        return full;
    }

    /// <summary>The files that a PowerShell path with wildcards stands for; an error record where there are none.</summary>
    /// <param name="pattern">The path.</param>
    /// <param name="notFound">Id of the error where there are none.</param>
    private protected IReadOnlyList<string> ExpandPattern(string pattern, EngineError notFound = EngineError.MapFileNotFound)
    {
        if (!TryExpand(pattern, out string[] matches, out ErrorRecord? error))
        {
            WriteError(error);
            return [];
        }

        // A pattern means files; a folder that happens to match is not an error.
        bool isPattern = WildcardPattern.ContainsWildcardCharacters(pattern);
        string[] files = isPattern ? [.. matches.Where(match => !Directory.Exists(match))] : matches;
        if (files.Length == 0)
        {
            WriteError(isPattern ? ErrorRecords.PatternWithoutMatch(pattern, notFound) : ErrorRecords.FileNotFound(pattern, notFound));
        }

        return files;
    }

    /// <summary>The files and folders that a PowerShell path with wildcards stands for.</summary>
    /// <param name="pattern">The path.</param>
    /// <param name="matches">Full paths; none where nothing matches.</param>
    /// <param name="error">Why the path is not one of the file system.</param>
    private protected bool TryExpand(string pattern, out string[] matches, [NotNullWhen(false)] out ErrorRecord? error)
    {
        matches = [];
        error = null;
        try
        {
            IEnumerable<string> found = SessionState.Path.GetResolvedProviderPathFromPSPath(pattern, out ProviderInfo provider);
            if (provider.Name == FileSystem)
            {
                matches = [.. found];
                return true;
            }

            error = ErrorRecords.PathNotFileSystem(pattern, $"belongs to PowerShell's provider {provider.Name}");
            return false;
        }
        catch (ItemNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (IsPathRefusal(exception))
        {
            error = ErrorRecords.PathNotFileSystem(pattern, $"is not a path ({exception.Message})", exception);
            return false;
        }
    }

    private static bool IsPathRefusal(Exception exception) =>
        exception is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException
            or PSArgumentException or PSInvalidOperationException or PSNotSupportedException or WildcardPatternException;
}
