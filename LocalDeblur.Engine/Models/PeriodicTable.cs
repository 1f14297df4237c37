using System.Collections.Frozen;

namespace LocalDeblur.Models;

/// <summary>The symbols of the chemical elements.</summary>
internal static class PeriodicTable
{
    private static readonly string[] Symbols =
        ("H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe " +
         "Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr " +
         "Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og").Split(' ');

    private static readonly FrozenDictionary<string, (string Symbol, int Number)> BySymbol = Symbols
        .Select((symbol, index) => (Symbol: symbol, Number: index + 1))
        .Append((Symbol: "D", Number: 1))
        .ToFrozenDictionary(element => element.Symbol, StringComparer.OrdinalIgnoreCase);

    /// <summary>Largest atomic number.</summary>
    public static int Count => Symbols.Length;

    /// <summary>Finds an element; deuterium is one.</summary>
    /// <param name="symbol">Its symbol, in any case.</param>
    /// <param name="element">Symbol as it is written, and atomic number.</param>
    public static bool TryFind(string symbol, out (string Symbol, int Number) element) => BySymbol.TryGetValue(symbol, out element);

    /// <summary>Symbol of an element.</summary>
    /// <param name="atomicNumber">1 … <see cref="Count"/>.</param>
    public static string Symbol(int atomicNumber) => Symbols[atomicNumber - 1];
}
