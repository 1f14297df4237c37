using LocalDeblur.Models.Reading;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and model files.</summary>
public sealed class ModelFileCompleter() : FileCompleter(ModelReader.IsModel);
