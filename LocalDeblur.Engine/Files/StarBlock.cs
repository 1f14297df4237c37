namespace LocalDeblur.Files;

/// <summary>A data block of a STAR file as RELION writes it: single items, and one loop whose rows are lines.</summary>
/// <param name="Name">Its name, without data_.</param>
/// <remarks>Source: Hall, <i>J. Chem. Inf. Comput. Sci.</i> 31 (1991) 326, as far as RELION's files go. Text over several lines is none of it.</remarks>
internal sealed record StarBlock(string Name)
{
    private const string Data = "data_";

    /// <summary>Labels, with their underscore, and values of the single items.</summary>
    public Dictionary<string, string> Items { get; } = [];

    /// <summary>Labels of the loop's columns, with their underscore.</summary>
    public List<string> Columns { get; } = [];

    /// <summary>Number of the line with the last of them, from 1.</summary>
    public int HeadLine { get; private set; }

    /// <summary>Rows of the loop, with the numbers of their lines.</summary>
    public List<(int Line, string[] Fields)> Rows { get; } = [];

    /// <summary>Whether a file can be one of STAR.</summary>
    /// <param name="line">Its first line that is not blank.</param>
    public static bool CanBegin(string line) => line.StartsWith('#') || (line.StartsWith(Data, StringComparison.OrdinalIgnoreCase) && !line.Contains(','));

    /// <summary>Reads some blocks of a file; of others nothing is kept.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="names">Names of the blocks, without data_.</param>
    public static Dictionary<string, StarBlock> Read(IEnumerable<string> lines, params IReadOnlyCollection<string> names)
    {
        Dictionary<string, StarBlock> blocks = [];
        StarBlock? block = null;
        bool isLoop = false;
        foreach ((int before, string text) in lines.Index())
        {
            string[] words = Split(text);
            if (words.Length == 0)
            {
                continue;
            }

            if (words[0].StartsWith(Data, StringComparison.OrdinalIgnoreCase))
            {
                string name = words[0][Data.Length..];
                block = names.Contains(name) && !blocks.ContainsKey(name) ? new StarBlock(name) : null;
                isLoop = false;
                if (block is not null)
                {
                    blocks.Add(name, block);
                }
            }
            else if (words[0].Equals("loop_", StringComparison.OrdinalIgnoreCase))
            {
                isLoop = true;
            }
            else if (words[0].StartsWith('_') && isLoop && block?.Rows.Count == 0)
            {
                block.Columns.Add(words[0]);
                block.HeadLine = before + 1;
            }
            else if (words[0].StartsWith('_'))
            {
                block?.Items.TryAdd(words[0], words.ElementAtOrDefault(1) ?? string.Empty);
            }
            else
            {
                block?.Rows.Add((before + 1, words));
            }
        }

        return blocks;
    }

    // Words between blanks; one that begins with a quote ends with the same before a blank; what follows # is a comment.
    private static string[] Split(string text)
    {
        List<string> words = [];
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length || text[at] == '#')
            {
                return [.. words];
            }

            int end = at + 1;
            bool isQuoted = text[at] is '"' or '\'';
            while (end < text.Length && (isQuoted ? text[end] != text[at] || (end + 1 < text.Length && !char.IsWhiteSpace(text[end + 1])) : !char.IsWhiteSpace(text[end])))
            {
                end++;
            }

            words.Add(isQuoted ? text[(at + 1)..end] : text[at..end]);
            at = isQuoted ? Math.Min(end + 1, text.Length) : end;
        }
    }
}
