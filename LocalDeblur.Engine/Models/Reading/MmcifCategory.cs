namespace LocalDeblur.Models.Reading;

/// <summary>A category of an mmCIF that is read row by row, from a loop or from single items, which are one row.</summary>
/// <param name="text">The file.</param>
/// <param name="prefix">Beginning of its tags, with the dot.</param>
/// <param name="names">The items that are read, without the prefix.</param>
internal abstract class MmcifCategory(ModelText text, string prefix, params string[] names)
{
    private readonly int[] _columns = new int[names.Length];
    private readonly List<string> _itemTags = [];
    private readonly List<MmcifValue> _itemValues = [];
    private int _itemLine;
    private MmcifValue[] _row = [];

    /// <summary>Rows of loops read so far.</summary>
    public int Rows { get; private set; }

    /// <summary>True once there was a row, or a single item.</summary>
    public bool HasRows => Rows > 0 || _itemTags.Count > 0;

    /// <summary>The file.</summary>
    protected ModelText Text => text;

    /// <summary>Line of the current row.</summary>
    protected int Line { get; private set; }

    /// <summary>True where a loop with these tags is one of this category.</summary>
    /// <param name="tags">The loop's tags.</param>
    public bool Takes(IReadOnlyList<string> tags) => tags[0].StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Begins a loop.</summary>
    /// <param name="tags">Its tags.</param>
    /// <param name="line">Its line.</param>
    public void Begin(IReadOnlyList<string> tags, int line)
    {
        for (int i = 0; i < names.Length; i++)
        {
            _columns[i] = -1;
            for (int column = 0; column < tags.Count && _columns[i] < 0; column++)
            {
                string tag = tags[column];
                bool isIt = tag.Length == prefix.Length + names[i].Length
                    && tag.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                    && tag.EndsWith(names[i], StringComparison.OrdinalIgnoreCase);
                _columns[i] = isIt ? column : -1;
            }
        }

        RequireColumns(line);
    }

    /// <summary>Reads a row.</summary>
    /// <param name="row">Its values.</param>
    /// <param name="line">Its line.</param>
    public void AddRow(MmcifValue[] row, int line)
    {
        _row = row;
        Line = line;
        Rows++;
        ReadRow();
    }

    /// <summary>Takes a single item, if it is of this category.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="line">Its line.</param>
    /// <param name="value">Its value.</param>
    public void AddItem(string tag, int line, MmcifValue value)
    {
        if (tag.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            _itemLine = _itemTags.Count == 0 ? line : _itemLine;
            _itemTags.Add(tag);
            _itemValues.Add(value);
        }
    }

    /// <summary>Reads the single items, if there were any.</summary>
    protected void FinishItems()
    {
        if (_itemTags.Count > 0)
        {
            Begin(_itemTags, _itemLine);
            AddRow([.. _itemValues], _itemLine);
            _itemTags.Clear();
        }
    }

    /// <summary>Refuses a loop without the items that nothing can be done without.</summary>
    /// <param name="line">Its line.</param>
    protected abstract void RequireColumns(int line);

    /// <summary>Reads the current row.</summary>
    protected abstract void ReadRow();

    /// <summary>True where the loop has an item.</summary>
    /// <param name="item">Index of its name.</param>
    protected bool Has(int item) => _columns[item] >= 0;

    /// <summary>Value of an item in the current row; empty where there is none, or '.' or '?'.</summary>
    /// <param name="item">Index of its name.</param>
    protected ReadOnlySpan<byte> Get(int item)
    {
        if (_columns[item] < 0)
        {
            return default;
        }

        MmcifValue value = _row[_columns[item]];
        ReadOnlySpan<byte> bytes = text.Bytes.Span.Slice(value.Start, value.Length);
        return !value.IsQuoted && bytes is [(byte)'.' or (byte)'?'] ? default : bytes;
    }

    /// <summary>The first of two items that has a value.</summary>
    /// <param name="first">Index of the preferred one.</param>
    /// <param name="second">Index of the other.</param>
    protected ReadOnlySpan<byte> Get(int first, int second)
    {
        ReadOnlySpan<byte> value = Get(first);
        return value.IsEmpty ? Get(second) : value;
    }

    /// <summary>A number in the current row; NaN where there is none that can be read. A standard uncertainty in brackets behind it is left out.</summary>
    /// <param name="item">Index of its name.</param>
    protected double Number(int item)
    {
        ReadOnlySpan<byte> value = Get(item);
        int bracket = value.Length > 0 && value[^1] == ')' ? value.IndexOf((byte)'(') : -1;
        return ModelText.TryNumber(bracket > 0 ? value[..bracket] : value, out double number) ? number : double.NaN;
    }

    /// <summary>Full tag of an item.</summary>
    /// <param name="item">Index of its name.</param>
    protected string Tag(int item) => prefix + names[item];
}
