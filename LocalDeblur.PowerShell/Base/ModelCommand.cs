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

    /// <summary>Tells what the reader of a model decided, and what the user should know; nothing where the model came from a cmdlet, which has told it.</summary>
    /// <param name="source">The model, read.</param>
    private protected void TellModel(ModelSource source)
    {
        AtomicModel model = source.Open(CancellationToken.None);
        foreach (string decision in model.Decisions.Except(source.Told))
        {
            WriteVerbose($"{source.Name}: {decision}");
        }

        foreach (string warning in model.Warnings.Except(source.Told))
        {
            WriteWarning($"{source.Name}: {warning}");
        }
    }

    /// <summary>Tells what was decided when a model was drawn, and what the user should know; not again what came with the model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="density">Its density.</param>
    internal void Tell(ModelSource source, CryoMap density)
    {
        HistoryEntry drawn = density.History[^1];
        foreach (string decision in drawn.Decisions.Except(source.Told))
        {
            WriteVerbose($"{source.Name}: {decision}");
        }

        foreach (string warning in drawn.Warnings.Except(source.Told))
        {
            WriteWarning($"{source.Name}: {warning}");
        }
    }

    private ModelSource? Resolve(ModelInput input, out ErrorRecord? error)
    {
        error = null;
        return input.Model is { } model ? new ModelSource(model)
            : TryResolveLiteral(input.Path!, out string? path, out error) ? new ModelSource(path)
            : null;
    }
}
