using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that takes atomic models, beside maps.</summary>
public abstract class ModelCommand : MapCommand
{
    /// <summary>Resolves a model that one item of the call is about; writes an error record where the path is none.</summary>
    internal bool TryResolve(ModelInput input, [NotNullWhen(true)] out ModelSource? source)
    {
        source = Resolve(input, out ErrorRecord? error);
        if (error is not null)
        {
            WriteError(error);
        }

        return source is not null;
    }

    /// <summary>Reads a model that every item of the call needs; ends the call where it cannot be read.</summary>
    internal ModelSource OpenOrThrow(ModelInput input)
    {
        ModelSource? source = Resolve(input, out ErrorRecord? error);
        if (error is not null)
        {
            ThrowTerminatingError(error);
        }

        RunOrThrow($"Reading {source!.Name}", source.Target, (_, token) => source.Open(token));
        return source;
    }

    /// <summary>Reads a model that was given for every item of the call, if it was; ends the call where it cannot be read.</summary>
    private protected ModelSource? OpenGiven(ModelInput? input) => input is null ? null : OpenOrThrow(input);

    /// <summary>Reads the model that a row of the pipeline gives; writes an error record where it cannot be read.</summary>
    /// <param name="input">What the parameter holds; null for nothing.</param>
    /// <param name="source">What is read: of the call or of the row before, and afterwards of this one. The same model is not read again.</param>
    /// <returns>False when the row cannot be worked on.</returns>
    private protected bool TryOpen(ModelInput? input, ref ModelSource? source)
    {
        if (input is null || source?.Input.IsSameAs(input) == true)
        {
            source = input is null ? null : source;
            return true;
        }

        source = TryResolve(input, out ModelSource? given)
            && TryRun($"Reading {given.Name}", given.Target, (_, token) => given.Open(token), out AtomicModel? _) ? given : null;
        return source is not null;
    }

    /// <summary>Tells what the reader of a model decided, and what the user should know; nothing where that has been told.</summary>
    /// <param name="source">The model, read.</param>
    private protected void TellModel(ModelSource source)
    {
        if (source.IsTold)
        {
            return;
        }

        AtomicModel model = source.Open(CancellationToken.None);
        source.IsTold = true;
        Tell(source.Name, model.Decisions, model.Warnings);
    }

    /// <summary>Tells what was decided when a model was drawn, and what the user should know; not again what came with the model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="density">Its density.</param>
    internal void Tell(ModelSource source, CryoMap density)
    {
        HistoryEntry drawn = density.History[^1];
        Tell(source.Name, drawn.Decisions.Except(source.Told), drawn.Warnings.Except(source.Told));
    }

    private ModelSource? Resolve(ModelInput input, out ErrorRecord? error)
    {
        error = null;
        return input.Model is not null ? new ModelSource(input)
            : TryResolveLiteral(input.Path!, out string? path, out error) ? new ModelSource(input, path)
            : null;
    }
}
