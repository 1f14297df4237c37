using System.Globalization;
using System.Text;

namespace LocalDeblur;

/// <summary>
/// Text from files, labels and file names as it can be shown: on a terminal, in a table, a picture or a message. What would move the cursor, colour a screen, turn
/// the direction of reading or break a line stands there as \u001b.
/// </summary>
public static class PlainText
{
    /// <summary>The same text with every control and formatting character, and every half of a surrogate pair, written out. Most texts come back as they are.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text) || !NeedsEscape(text))
        {
            return text ?? string.Empty;
        }

        var plain = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text, i);
            if (isPair || !IsUnsafe(text, i))
            {
                plain.Append(text, i, isPair ? 2 : 1);
                i += isPair ? 1 : 0;
            }
            else
            {
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
        }

        return plain.ToString();
    }

    private static bool NeedsEscape(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (IsUnsafe(text, i))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnsafe(string text, int index) => text[index] is < ' ' or > '~' && CharUnicodeInfo.GetUnicodeCategory(text[index]) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
