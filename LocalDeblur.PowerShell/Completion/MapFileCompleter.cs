using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and map files.</summary>
public sealed class MapFileCompleter() : FileCompleter(MapFileName.IsMap);
