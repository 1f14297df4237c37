using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;

namespace LocalDeblur.Maps.Mrc;

/// <summary>The ten labels of 80 characters: which of them hold text, and the one that this program adds.</summary>
internal static class MrcLabels
{
    /// <summary>The labels that hold text, as plain text. Those beyond NLABL count only where they are clean, since old programs left rubbish there.</summary>
    public static ReadOnlyCollection<string> Read(MrcHeader header)
    {
        var labels = new List<string>(MrcHeader.MaximumLabels);
        for (int i = 0; i < MrcHeader.MaximumLabels; i++)
        {
            string text = Text(Slot(header, i));
            if (text.Length > 0 && (i < header.StatedLabelCount || text.All(IsPrintable)))
            {
                labels.Add(PlainText.Of(text));
            }
        }

        return new ReadOnlyCollection<string>(labels);
    }

    /// <summary>The stored bytes of one label.</summary>
    public static ReadOnlySpan<byte> Slot(MrcHeader header, int index) =>
        header.Raw.Span.Slice(224 + index * MrcHeader.LabelLength, MrcHeader.LabelLength);

    /// <summary>Text of a label: up to the first NUL, as C programs mean it, without trailing blanks. Latin-1 keeps every byte.</summary>
    public static string Text(ReadOnlySpan<byte> slot)
    {
        int end = slot.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? slot : slot[..end]).TrimEnd();
    }

    /// <summary>Labels of the file to write: those kept, then ours. Where that makes eleven, the oldest but the first drops.</summary>
    public static List<string> Append(IEnumerable<string> kept, string ours)
    {
        List<string> labels = [.. kept.Where(label => !string.IsNullOrWhiteSpace(label))];
        labels.Add(ours);
        while (labels.Count > MrcHeader.MaximumLabels)
        {
            labels.RemoveAt(1);
        }

        return labels;
    }

    /// <summary>Our label: program, version, last step, and as many of its figures and parameters as fit, for example
    /// <c>LocalDeblur 0.1.0 LocalDeblur StepSize=4.0639 Iterations=7 Converged=True</c>.</summary>
    public static string Describe(IReadOnlyList<HistoryEntry> history)
    {
        var label = new StringBuilder(ProgramName.WithVersion);
        if (history.Count > 0)
        {
            HistoryEntry last = history[^1];
            label.Append(' ').Append(last.Step);

            // The figures of an import describe the file that was read. What a run took is left out, so that the same run writes the same bytes.
            foreach ((string name, object? value) in last.Step == MrcReader.ImportStep ? last.Parameters : last.Figures.Concat(last.Parameters))
            {
                string? text = RunCost.Names(name) ? null : Shorten(value);
                if (text is not null && label.Length + name.Length + text.Length + 2 <= MrcHeader.LabelLength)
                {
                    label.Append(' ').Append(name).Append('=').Append(text);
                }
            }
        }

        return new string([.. label.ToString().Take(MrcHeader.LabelLength).Select(character => IsPrintable(character) ? character : '?')]);
    }

    /// <summary>True for printable ASCII.</summary>
    public static bool IsPrintable(char character) => character is >= ' ' and <= '~';

    private static string? Shorten(object? value) => value switch
    {
        double number => number.ToString("G5", CultureInfo.InvariantCulture),
        float number => number.ToString("G5", CultureInfo.InvariantCulture),
        Enum name => name.ToString(),
        bool or int or long => string.Format(CultureInfo.InvariantCulture, "{0}", value),
        _ => null,
    };
}
