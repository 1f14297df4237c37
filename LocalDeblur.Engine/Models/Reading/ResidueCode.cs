using System.Globalization;

namespace LocalDeblur.Models.Reading;

/// <summary>Residue numbers that are codes, such as 2A or 0A: a whole number with an insertion code behind it, which mmCIF allows and some PDB files have.</summary>
internal static class ResidueCode
{
    /// <summary>Takes a code apart.</summary>
    /// <param name="code">What is written, without blanks at its ends.</param>
    /// <param name="number">The number.</param>
    /// <param name="insertion">The letters behind it.</param>
    /// <returns>False where it is no number with letters behind it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> code, out int number, out ReadOnlySpan<byte> insertion)
    {
        int end = code.Length;
        while (end > 0 && char.IsAsciiLetter((char)code[end - 1]))
        {
            end--;
        }

        insertion = code[end..];
        return int.TryParse(code[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && !insertion.IsEmpty;
    }
}
