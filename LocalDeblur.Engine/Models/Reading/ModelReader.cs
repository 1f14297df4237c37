namespace LocalDeblur.Models.Reading;

/// <summary>Reads atomic models: PDB or mmCIF, plain, gzipped or bzipped.</summary>
/// <remarks>
/// <para>Format and compression are recognised by content; the suffix decides only where the content tells nothing. The first model is read, with what follows END,
/// or stands in further data blocks of mmCIF, unless that is the same atoms again; what is left out is counted in a warning. Symmetry operators (MTRIX, BIOMT,
/// assemblies) are not applied. Names and numbers are those of the authors.</para>
/// <para>Sources: PDB format 3.30; the CIF 1.1 syntax and the PDBx/mmCIF dictionary.</para>
/// </remarks>
public static class ModelReader
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">ModelFileNotFound, ModelFileInaccessible, ModelFormatInvalid or ModelElementUnknown (with the line), or ModelEmpty.</exception>
    public static AtomicModel Open(string path, ModelReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(ModelText.Read(Path.GetFullPath(path), cancellationToken), options ?? new ModelReadOptions(), cancellationToken);
    }

    /// <summary>True for the usual names of model files: .pdb, .ent, .cif, .mmcif or .mcif, each also with .gz or .bz2, in any case. Files of other
    /// names can be read too.</summary>
    /// <param name="path">Path or name of a file.</param>
    public static bool IsModel(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return HasSuffix(path, ".pdb", ".ent", ".cif", ".mmcif", ".mcif");
    }

    /// <summary>Reads the model in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal static AtomicModel Parse(ModelText text, ModelReadOptions options, CancellationToken cancellationToken) =>
        Recognise(text) == ModelFormat.Mmcif
            ? MmcifReader.Read(text, options, cancellationToken)
            : PdbReader.Read(text, options, cancellationToken);

    /// <summary>Tells the format: mmCIF where the first thing that is not a comment is a CIF keyword or tag, PDB where any line is a record of an atom.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="EngineException">ModelFormatInvalid.</exception>
    internal static ModelFormat Recognise(ModelText text)
    {
        var lines = new ModelLines(text.Bytes.Span);
        bool isFirst = true;
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Current.Trim(" \t"u8);
            if (isFirst && !line.IsEmpty && line[0] != '#')
            {
                isFirst = false;
                if (MmcifTokenizer.IsKeyword(line) || line[0] == '_')
                {
                    return ModelFormat.Mmcif;
                }
            }

            if (PdbReader.IsAtom(lines.Current))
            {
                return HasSuffix(text.Path, ".cif", ".mmcif", ".mcif") ? ModelFormat.Mmcif : ModelFormat.Pdb;
            }
        }

        if (HasSuffix(text.Path, ".cif", ".mmcif", ".mcif"))
        {
            return ModelFormat.Mmcif;
        }

        return HasSuffix(text.Path, ".pdb", ".ent")
            ? ModelFormat.Pdb
            : throw new EngineException(
                EngineError.ModelFormatInvalid,
                $"'{text.Path}' is neither a PDB nor an mmCIF file; expected one of them, plain or compressed with gzip or bzip2. Convert the model first.",
                text.Path);
    }

    private static bool HasSuffix(string path, params ReadOnlySpan<string> suffixes)
    {
        string name = path;
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".bz2", StringComparison.OrdinalIgnoreCase))
        {
            name = Path.GetFileNameWithoutExtension(name);
        }

        foreach (string suffix in suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
