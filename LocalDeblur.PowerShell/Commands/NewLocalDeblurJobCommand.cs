using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using LocalDeblur.Jobs;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>New-LocalDeblurJob: writes a job, from half maps, a map, rows of a table, or the history of a result.</summary>
[Cmdlet(VerbsCommon.New, "LocalDeblurJob", DefaultParameterSetName = HalfMapsSet, SupportsShouldProcess = true, HelpUri = HelpPages.Folder + "New-LocalDeblurJob.md")]
[OutputType(typeof(JobFile))]
public sealed class NewLocalDeblurJobCommand : MapCommand
{
    private const string HalfMapsSet = "HalfMaps";
    private const string MapSet = "Map";
    private const string HistorySet = "History";
    private const string InputObjectSet = "InputObject";

    /// <summary>File to write, or folder in which each job gets a file of its own name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(Completion.JobFileCompleter))]
    public string Path { get; set; } = string.Empty;

    /// <summary>First half map of a reconstruction.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [Alias("Half1")]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public string HalfMap1 { get; set; } = string.Empty;

    /// <summary>Second half map of the same reconstruction.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [Alias("Half2")]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public string HalfMap2 { get; set; } = string.Empty;

    /// <summary>A map without halves.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public string Map { get; set; } = string.Empty;

    /// <summary>File with the history of a result (.history.json), which the job makes again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HistorySet)]
    [ValidateNotNullOrEmpty]
    public string History { get; set; } = string.Empty;

    /// <summary>A result, which the job makes again from its history.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [ValidateNotNull]
    public CryoMap InputObject { get; set; } = null!;

    /// <summary>Name of the job, where -Path is a folder.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    public string? Name { get; set; }

    /// <summary>Where the molecule is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public string? Mask { get; set; }

    /// <summary>Atomic model.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public string? Model { get; set; }

    /// <summary>Local resolution, in place of an estimate.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public string? LocalResolution { get; set; }

    /// <summary>Map whose amplitudes LocScale takes over.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public string? Reference { get; set; }

    /// <summary>Resolution of the map (Å), for the stages that are told it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [RowNumber]
    [ResolutionRange(0.5, 100.0)]
    public double? Resolution { get; set; }

    /// <summary>Stages, in the order in which they run; the standard run where none is given.</summary>
    [Parameter(ParameterSetName = HalfMapsSet)]
    [Parameter(ParameterSetName = MapSet)]
    [ArgumentCompleter(typeof(Completion.StageCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public string[]? Stage { get; set; }

    /// <summary>Parameters of stages: @{ sharpen = @{ K = 0.01 } }.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? StageParameter { get; set; }

    /// <summary>Folder of results; one beside the job that is called as the job is, where none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputDirectory { get; set; }

    /// <summary>Threads; 0 for as many as the process may use.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    [Number]
    public int Threads { get; set; }

    /// <summary>Most memory that the job may hold (bytes); its own estimate where it is not given.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    [Number]
    public long? MemoryLimit { get; set; }

    /// <summary>Most time that the job may take; any where it is not given.</summary>
    [Parameter]
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>Replaces a job that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the job of each row, map or call.</summary>
    protected override void ProcessRecord()
    {
        if (!TryFindInputs(out Dictionary<string, JobInput>? inputs) || !TryResolveLiteral(Path, out string? target, out ErrorRecord? error))
        {
            return;
        }

        bool isFolder = Directory.Exists(target) || Path[^1] is '/' or '\\';
        string? folder = null;
        if (OutputDirectory is not null && !TryResolveLiteral(OutputDirectory, out folder, out error))
        {
            WriteError(error);
            return;
        }

        JobRequest request = new()
        {
            Inputs = inputs,
            Kinds = Stage,
            Parameters = ReadParameters(),
            Resolution = Resolution,
            OutputFolder = folder,
            Resources = new JobResources { Threads = Threads, MemoryBytes = MemoryLimit, Seconds = TimeLimit?.TotalSeconds },
        };
        if (ParameterSetName is HistorySet or InputObjectSet && !TryReadHistory(request, out request!))
        {
            return;
        }

        string file = isFolder ? System.IO.Path.Combine(target, $"{JobName(request)}.json") : target;
        if (!ShouldProcess(file, "Write job"))
        {
            return;
        }

        string activity = $"Writing {System.IO.Path.GetFileName(file)}";
        if (TryRun(activity, file, (_, token) => JobWriter.Write(request, file, Force, token), out (JobFile Job, IReadOnlyList<string> Warnings) written))
        {
            Tell(written.Job.Name, [], written.Warnings);
            WriteObject(written.Job);
        }
    }

    private bool TryFindInputs([NotNullWhen(true)] out Dictionary<string, JobInput>? inputs)
    {
        Dictionary<string, JobInput> found = [];
        inputs = null;
        (string Name, string? Path)[] given = ParameterSetName is HistorySet or InputObjectSet
            ? []
            :
            [
                ("halfMap1", ParameterSetName == HalfMapsSet ? HalfMap1 : null), ("halfMap2", ParameterSetName == HalfMapsSet ? HalfMap2 : null),
                ("map", ParameterSetName == MapSet ? Map : null), ("mask", Mask), ("model", Model), ("localResolution", LocalResolution), ("reference", Reference),
            ];
        foreach ((string name, string? path) in given)
        {
            // An empty cell of a table is none.
            if (string.IsNullOrWhiteSpace(path))
            {
                continue;
            }

            if (!TryResolveLiteral(path, out string? file, out ErrorRecord? error))
            {
                WriteError(error);
                return false;
            }

            found.Add(name, new JobInput { Path = file });
        }

        inputs = found;
        return true;
    }

    private bool TryReadHistory(JobRequest request, [NotNullWhen(true)] out JobRequest? complete)
    {
        complete = null;
        if (ParameterSetName == InputObjectSet)
        {
            return TryRun($"Reading the history of {InputObject.Name}", InputObject.Name, (_, _) => JobHistory.Read(InputObject.Name, InputObject.History, request), out complete);
        }

        if (!TryResolveLiteral(History, out string? file, out ErrorRecord? error))
        {
            WriteError(error);
            return false;
        }

        return TryRun($"Reading {System.IO.Path.GetFileName(file)}", file, (_, _) => JobHistory.Read(file, request), out complete);
    }

    private Dictionary<string, IReadOnlyDictionary<string, object?>> ReadParameters()
    {
        Dictionary<string, IReadOnlyDictionary<string, object?>> parameters = [];
        foreach (DictionaryEntry stage in StageParameter ?? new Hashtable())
        {
            if (Bare(stage.Value) is not IDictionary values)
            {
                ThrowTerminatingError(ErrorRecords.StageParameterInvalid(Convert.ToString(stage.Key, CultureInfo.InvariantCulture)!));
                continue;
            }

            parameters.Add(
                Convert.ToString(stage.Key, CultureInfo.InvariantCulture)!,
                values.Cast<DictionaryEntry>().ToDictionary(value => Convert.ToString(value.Key, CultureInfo.InvariantCulture)!, value => Bare(value.Value)));
        }

        return parameters;
    }

    private string JobName(JobRequest request)
    {
        string name = Name ?? System.IO.Path.GetFileName(MapFileName.Beside(request.Inputs.Values.First().Path, string.Empty));
        return Name is null ? name[..^".mrc".Length] : name;
    }

    private static object? Bare(object? value) => value switch
    {
        PSObject wrapped => wrapped.BaseObject,
        object[] list => Array.ConvertAll(list, Bare),
        _ => value,
    };
}
