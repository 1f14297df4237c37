namespace LocalDeblur.Models.Reading;

/// <summary>
/// Numbers in few columns. A number that fits is decimal; beyond, the field is base 36 with a leading letter: capital letters first (A000 is 10000 in four columns),
/// then small ones.
/// </summary>
/// <remarks>Source: hybrid-36, Computational Crystallography Toolbox (iotbx), the convention of PDB files with more than 99999 atoms or 9999 residues.</remarks>
internal static class Hybrid36
{
    /// <summary>Reads a number.</summary>
    /// <param name="field">The columns; blanks at the ends do not count towards the width of a decimal number.</param>
    /// <param name="value">The number.</param>
    /// <returns>False where the field is blank or no such number.</returns>
    public static bool TryRead(ReadOnlySpan<byte> field, out int value)
    {
        value = 0;
        ReadOnlySpan<byte> digits = field.Trim((byte)' ');
        if (digits.IsEmpty)
        {
            return false;
        }

        if (!char.IsAsciiLetter((char)digits[0]))
        {
            return int.TryParse(digits, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out value);
        }

        bool isSmall = char.IsAsciiLetterLower((char)digits[0]);
        if (digits.Length != field.Length || digits.Length is < 2 or > 5)
        {
            return false;
        }

        int number = 0;
        foreach (byte digit in digits)
        {
            int place = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'A' and <= (byte)'Z' when !isSmall => digit - 'A' + 10,
                >= (byte)'a' and <= (byte)'z' when isSmall => digit - 'a' + 10,
                _ => -1,
            };
            if (place < 0)
            {
                return false;
            }

            number = (36 * number) + place;
        }

        int block = 1;
        int decimals = 10;
        for (int i = 1; i < digits.Length; i++)
        {
            block *= 36;
            decimals *= 10;
        }

        value = number - (10 * block) + decimals + (isSmall ? 26 * block : 0);
        return true;
    }
}
