namespace LocalDeblur.Models.Reading;

/// <summary>Reads the atoms of an mmCIF file: the categories _atom_site and, for B factors that it does not state, _atom_site_anisotrop.</summary>
/// <remarks>The items of the authors (auth_…) are preferred to those of the dictionary (label_…), item by item. Save frames are passed over.</remarks>
internal static class MmcifReader
{
    private const int MostTags = 4096;

    /// <summary>Reads the first model of the data blocks with atoms.</summary>
    /// <param name="text">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">ModelFormatInvalid, ModelElementUnknown or ModelEmpty.</exception>
    public static AtomicModel Read(ModelText text, ModelReadOptions options, CancellationToken cancellationToken)
    {
        var builder = new ModelBuilder(text, options);
        var atoms = new MmcifAtomSites(text, builder);
        var anisotropic = new MmcifAnisotropic(text);
        var tokens = new MmcifTokenizer(text);
        tokens.Next();
        while (tokens.Kind != MmcifTokenKind.End)
        {
            switch (tokens.Kind)
            {
                case MmcifTokenKind.Data when atoms.HasRows:
                    atoms.Finish(anisotropic);
                    (atoms, anisotropic) = (atoms.Next(), new MmcifAnisotropic(text));
                    tokens.Next();
                    break;
                case MmcifTokenKind.Save when tokens.Length > "save_".Length:
                    SkipFrame(text, ref tokens);
                    break;
                case MmcifTokenKind.Loop:
                    ReadLoop(text, ref tokens, atoms, anisotropic, cancellationToken);
                    break;
                case MmcifTokenKind.Tag:
                    ReadItem(text, ref tokens, atoms, anisotropic);
                    break;
                case MmcifTokenKind.Bare or MmcifTokenKind.Quoted:
                    throw text.Refuse(
                        tokens.Line,
                        $"the value {ModelText.Show(tokens.Value)} belongs to no tag; expected a tag, loop_ or data_. A value before it may have blanks and no quotes.");
                default:
                    tokens.Next();
                    break;
            }
        }

        atoms.Finish(anisotropic);
        return builder.Build();
    }

    private static void SkipFrame(ModelText text, ref MmcifTokenizer tokens)
    {
        int line = tokens.Line;
        do
        {
            tokens.Next();
            if (tokens.Kind == MmcifTokenKind.End)
            {
                throw text.Refuse(line, "a save frame begins here and has no end; expected save_. The file is cut off or damaged.");
            }
        }
        while (tokens.Kind != MmcifTokenKind.Save);
        tokens.Next();
    }

    private static void ReadItem(ModelText text, ref MmcifTokenizer tokens, params ReadOnlySpan<MmcifCategory> categories)
    {
        int line = tokens.Line;
        string tag = text.Intern(tokens.Value);
        tokens.Next();
        if (!tokens.IsValue)
        {
            throw text.Refuse(line, $"the tag '{tag}' has no value; expected one, or '?' or '.'.");
        }

        foreach (MmcifCategory category in categories)
        {
            category.AddItem(tag, line, new MmcifValue(tokens.Start, tokens.Length, tokens.Kind == MmcifTokenKind.Quoted));
        }

        tokens.Next();
    }

    private static void ReadLoop(ModelText text, ref MmcifTokenizer tokens, MmcifAtomSites atoms, MmcifAnisotropic anisotropic, CancellationToken cancellationToken)
    {
        int line = tokens.Line;
        var tags = new List<string>();
        tokens.Next();
        while (tokens.Kind == MmcifTokenKind.Tag)
        {
            tags.Add(text.Intern(tokens.Value));
            if (tags.Count > MostTags)
            {
                throw text.Refuse(line, $"the loop has more than {MostTags} tags. The file is damaged.");
            }

            tokens.Next();
        }

        if (tags.Count == 0)
        {
            throw text.Refuse(line, "the loop has no tags; expected some behind loop_.");
        }

        MmcifCategory? category = atoms.Takes(tags) ? atoms : anisotropic.Takes(tags) ? anisotropic : null;
        category?.Begin(tags, line);
        var row = new MmcifValue[tags.Count];
        int count = 0;
        long rows = 0;
        int rowLine = line;
        while (tokens.IsValue)
        {
            rowLine = count == 0 ? tokens.Line : rowLine;
            row[count++] = new MmcifValue(tokens.Start, tokens.Length, tokens.Kind == MmcifTokenKind.Quoted);
            if (count == row.Length)
            {
                category?.AddRow(row, rowLine);
                count = 0;
                if (++rows % 4096 == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            tokens.Next();
        }

        if (count > 0)
        {
            throw text.Refuse(
                rowLine,
                $"the last row of the loop of '{tags[0]}' (line {line}) has {count} values; expected {row.Length}, one for each tag. "
                    + "The file is cut off, or a value with blanks has no quotes.");
        }
    }
}

/// <summary>A value of a CIF: where it stands in the text.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsQuoted">True where it was in quotes or a text field, and so is no null.</param>
internal readonly record struct MmcifValue(int Start, int Length, bool IsQuoted);
