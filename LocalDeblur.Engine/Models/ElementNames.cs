using System.Collections.Frozen;

namespace LocalDeblur.Models;

/// <summary>Reads chemical elements from what model files say of them.</summary>
internal static class ElementNames
{
    // Residues of proteins and nucleic acids, and water: made of H, C, N, O, P, S and Se only, wherever their names stand in the columns.
    private static readonly FrozenSet<string> Standard = FrozenSet.Create(
        StringComparer.Ordinal,
        "ALA", "ARG", "ASN", "ASP", "ASX", "CYS", "GLN", "GLU", "GLX", "GLY", "HIS", "ILE", "LEU", "LYS", "MET", "MSE", "PHE", "PRO", "PYL", "SEC", "SER", "THR",
        "TRP", "TYR", "UNK", "VAL", "A", "C", "G", "I", "U", "DA", "DC", "DG", "DI", "DT", "DU", "N", "HOH", "DOD", "WAT");

    /// <summary>Reads an element and its charge, such as "C", "FE", "O1-" or "Fe2+".</summary>
    /// <param name="text">What is written, without blanks at its ends.</param>
    /// <param name="symbol">The letters, not yet known to be an element.</param>
    /// <param name="charge">The charge; 0 where none can be read.</param>
    /// <returns>False where the text does not begin with a letter, and so names no element.</returns>
    public static bool TryRead(string text, out string symbol, out int charge)
    {
        int letters = 0;
        while (letters < text.Length && char.IsAsciiLetter(text[letters]))
        {
            letters++;
        }

        symbol = text[..letters];
        charge = Charge(text[letters..].Trim());
        return letters > 0;
    }

    /// <summary>Reads a charge such as "1-", "2+", "+2", "-1" or "+"; 0 for anything else.</summary>
    /// <param name="text">What is written, without blanks at its ends.</param>
    public static int Charge(string text) => text switch
    {
        [>= '0' and <= '9', '+'] => text[0] - '0',
        [>= '0' and <= '9', '-'] => '0' - text[0],
        ['+', >= '0' and <= '9'] => text[1] - '0',
        ['-', >= '0' and <= '9'] => '0' - text[1],
        [>= '0' and <= '9'] => text[0] - '0',
        ['+'] => 1,
        ['-'] => -1,
        _ => 0,
    };

    /// <summary>Tells the element from the name of an atom.</summary>
    /// <param name="padded">The name as it stands in its four columns, whose first two hold the symbol, to the right; or without blanks, where the place is not known.</param>
    /// <param name="residue">Name of the residue.</param>
    /// <param name="isAligned">True where <paramref name="padded"/> is four columns of a PDB file.</param>
    /// <returns>A symbol that is an element, or null where the name tells none.</returns>
    /// <remarks>" CA " is a carbon atom and "CA  " calcium; "CA" of a residue CA is calcium wherever it stands, and of a residue LEU carbon.</remarks>
    public static string? FromAtomName(string padded, string residue, bool isAligned)
    {
        string name = padded.Trim();
        string letters = name.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        if (letters.Length == 0 || !char.IsAsciiLetter(letters[0]))
        {
            return null;
        }

        string one = letters[..1];
        string two = letters.Length > 1 && char.IsAsciiLetter(letters[1]) ? letters[..2] : "";
        if (Standard.Contains(residue) && one[0] is 'H' or 'C' or 'N' or 'O' or 'P' or 'S' or 'D')
        {
            return two is "SE" && residue is "MSE" or "SEC" ? two : one;
        }

        if (two.Length == 2 && string.Equals(name, residue, StringComparison.OrdinalIgnoreCase) && PeriodicTable.TryFind(two, out _))
        {
            return two;
        }

        // Four characters leave no room for the blank before a single letter. Such names are hydrogens far more often than mercury or dysprosium.
        bool isFourthOfHydrogen = padded.Length == 4 && !padded.Contains(' ', StringComparison.Ordinal) && one[0] is 'H' or 'D';
        bool isTwo = isAligned && two.Length == 2 && char.IsAsciiLetter(padded[0]) && !isFourthOfHydrogen;
        return isTwo ? Known(two) ?? Known(one) : Known(one) ?? Known(two);
    }

    private static string? Known(string symbol) => PeriodicTable.TryFind(symbol, out _) ? symbol : null;
}
