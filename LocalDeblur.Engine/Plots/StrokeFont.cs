using System.Globalization;
using System.Text;

namespace LocalDeblur.Plots;

/// <summary>Letters as strokes of a pen, at any size: text in pictures needs no font file and is the same on every machine.</summary>
/// <remarks>
/// An alphabet of its own: printable ASCII, accented letters of western Europe, and the signs of our captions. What it lacks is a box. Widths are near
/// those of Helvetica, in which SVG viewers show the same texts. Control characters take no room and show nothing, as in <see cref="SvgPlot"/>.
/// </remarks>
internal static class StrokeFont
{
    /// <summary>Height of capital letters and digits, as a share of the size.</summary>
    public const double CapitalHeight = 0.715;

    private const double Unit = 0.01;
    private const double Pen = 8.5;
    private const double BoldPen = 12.5;
    private const int CurvePieces = 8;

    // One line for each sign: the sign, the width it takes, and its strokes, separated by " / ". A stroke runs through points x,y in hundredths of the
    // size, y upwards. (x,y) in brackets is a corner that the stroke rounds off: a parabola between the points before and after it, and between two such
    // corners the stroke passes halfway. Capitals are 63 high, small letters 44, descenders reach to −20. The pen's middle follows the points, all raised
    // by half its width, so that what is drawn at 0 stands on the line.
    private const string Table = """
        A 68 7,0 34,63 61,0 / 16,21 52,21
        B 67 12,0 12,63 36,63 (55,63) 55,48 (55,33) 36,33 12,33 / 36,33 (59,33) 59,17 (59,0) 37,0 12,0
        C 71 63,46 (58,64) 38,64 (9,64) (9,-1) 38,-1 (59,-1) 64,19
        D 72 12,0 12,63 34,63 (63,63) (63,0) 34,0 12,0
        E 65 56,63 12,63 12,0 57,0 / 12,33 52,33
        F 60 55,63 12,63 12,0 / 12,31 49,31
        G 77 65,47 (58,64) 39,64 (9,64) (9,-1) 40,-1 (56,-1) 66,13 66,31 44,31
        H 72 12,63 12,0 / 60,63 60,0 / 12,33 60,33
        I 28 14,63 14,0
        J 51 40,63 40,18 (40,-1) 24,-1 (8,-1) 8,18
        K 67 12,63 12,0 / 57,63 12,22 / 28,37 60,0
        L 56 12,63 12,0 50,0
        M 84 12,0 12,63 42,4 72,63 72,0
        N 72 12,0 12,63 60,0 60,63
        O 78 39,64 (9,64) (9,-1) (69,-1) (69,64) 39,64
        P 66 12,0 12,63 37,63 (58,63) 58,46 (58,28) 37,28 12,28
        Q 78 39,64 (9,64) (9,-1) (69,-1) (69,64) 39,64 / 46,15 66,-5
        R 71 12,0 12,63 38,63 (59,63) 59,47 (59,31) 38,31 12,31 / 38,31 61,0
        S 66 56,47 (53,64) 33,64 (11,64) 11,48 (11,36) 32,32 (58,28) 58,16 (58,-1) 34,-1 (10,-1) 8,18
        T 62 31,63 31,0 / 6,63 56,63
        U 72 12,63 12,22 (12,-1) 36,-1 (60,-1) 60,22 60,63
        V 66 7,63 33,0 59,63
        W 94 7,63 26,0 47,63 68,0 87,63
        X 66 8,63 58,0 / 58,63 8,0
        Y 66 7,63 33,30 33,0 / 59,63 33,30
        Z 61 9,63 52,63 8,0 54,0
        a 55 11,33 (12,45) 27,45 (43,45) 43,30 43,0 / 43,26 26,26 (8,26) 8,12 (8,-1) 22,-1 (36,-1) 43,11
        b 56 11,65 11,0 / 11,33 (16,45) 29,45 (47,45) (47,-1) 29,-1 (16,-1) 11,11
        c 50 43,32 (40,45) 27,45 (9,45) (9,-1) 27,-1 (40,-1) 44,13
        d 56 45,65 45,0 / 45,33 (40,45) 27,45 (9,45) (9,-1) 27,-1 (40,-1) 45,11
        e 55 9,22 46,22 (46,45) 28,45 (9,45) (9,-1) 29,-1 (41,-1) 45,12
        f 30 25,65 24,65 (14,65) 14,52 14,0 / 5,44 25,44
        g 56 45,44 45,-2 (45,-20) 27,-20 (14,-20) 11,-11 / 45,33 (40,45) 27,45 (9,45) (9,1) 27,1 (40,1) 45,12
        h 56 11,65 11,0 / 11,31 (17,45) 30,45 (45,45) 45,28 45,0
        i 24 12,44 12,0 / 12,61 12,63
        j 24 13,44 13,-8 (13,-20) 5,-20 / 13,61 13,63
        k 51 11,65 11,0 / 43,44 11,17 / 23,27 46,0
        l 26 11,65 11,12 (11,0) 21,0
        m 84 11,44 11,0 / 11,31 (16,45) 27,45 (42,45) 42,29 42,0 / 42,31 (47,45) 58,45 (73,45) 73,29 73,0
        n 56 11,44 11,0 / 11,31 (17,45) 30,45 (45,45) 45,28 45,0
        o 56 28,45 (8,45) (8,-1) (48,-1) (48,45) 28,45
        p 56 11,44 11,-20 / 11,33 (16,45) 29,45 (47,45) (47,-1) 29,-1 (16,-1) 11,11
        q 56 45,44 45,-20 / 45,33 (40,45) 27,45 (9,45) (9,-1) 27,-1 (40,-1) 45,11
        r 35 11,44 11,0 / 11,27 (14,44) 30,44
        s 50 42,34 (40,45) 26,45 (10,45) 10,34 (10,25) 26,22 (43,19) 43,10 (43,-1) 25,-1 (10,-1) 8,11
        t 30 14,58 14,11 (14,0) 23,0 25,0 / 5,44 25,44
        u 56 45,44 45,0 / 45,13 (39,-1) 26,-1 (11,-1) 11,16 11,44
        v 50 7,44 25,0 43,44
        w 74 7,44 22,0 37,44 52,0 67,44
        x 50 8,44 42,0 / 42,44 8,0
        y 50 7,44 26,0 / 43,44 22,-10 (18,-20) 9,-20
        z 48 9,44 40,44 8,0 41,0
        0 56 28,64 (8,64) (8,-1) (48,-1) (48,64) 28,64
        1 56 14,51 (27,53) 32,63 32,0
        2 56 10,46 (10,64) 28,64 (46,64) 46,47 (46,35) 28,21 (11,8) 9,0 47,0
        3 56 10,49 (12,64) 28,64 (45,64) 45,49 (45,34) 28,34 22,34 / 28,34 (47,34) 47,16 (47,-1) 28,-1 (10,-1) 9,15
        4 56 38,0 38,63 8,17 49,17
        5 56 44,63 15,63 12,31 (18,40) 29,40 (47,40) 47,20 (47,-1) 27,-1 (11,-1) 9,14
        6 56 44,50 (42,64) 29,64 (9,64) 9,28 (9,-1) 28,-1 (47,-1) 47,19 (47,40) 29,40 (13,40) 9,24
        7 56 9,63 47,63 (25,38) 22,0
        8 56 28,34 (11,34) 11,49 (11,64) 28,64 (45,64) 45,49 (45,34) 28,34 (9,34) 9,17 (9,-1) 28,-1 (47,-1) 47,17 (47,34) 28,34
        9 56 12,13 (14,-1) 27,-1 (47,-1) 47,35 (47,64) 28,64 (9,64) 9,44 (9,23) 27,23 (43,23) 47,39
        . 28 13,0 15,0 15,2 13,2 13,0
        , 28 15,2 15,-1 11,-12
        : 28 13,0 15,0 15,2 13,2 13,0 / 13,37 15,37 15,39 13,39 13,37
        ; 28 15,2 15,-1 11,-12 / 14,37 16,37 16,39 14,39 14,37
        ! 28 14,63 14,20 / 14,0 14,2
        ? 54 9,47 (10,64) 27,64 (45,64) 45,49 (45,39) 36,32 (27,25) 27,17 / 27,0 27,2
        ' 22 11,63 11,45
        " 36 12,63 12,45 / 24,63 24,45
        ( 33 25,70 (11,53) (11,1) 25,-16
        ) 33 8,70 (22,53) (22,1) 8,-16
        [ 30 23,70 12,70 12,-16 23,-16
        ] 30 7,70 18,70 18,-16 7,-16
        { 34 27,70 (17,70) 17,59 17,38 (17,27) 8,27 (17,27) 17,16 17,-5 (17,-16) 27,-16
        } 34 7,70 (17,70) 17,59 17,38 (17,27) 26,27 (17,27) 17,16 17,-5 (17,-16) 7,-16
        ⟨ 36 26,70 11,27 26,-16
        ⟩ 36 10,70 25,27 10,-16
        | 26 13,70 13,-18
        ‖ 40 13,70 13,-18 / 27,70 27,-18
        / 30 24,67 6,-4
        \ 30 6,67 24,-4
        _ 56 6,-12 50,-12
        - 34 8,24 26,24
        – 56 7,24 49,24
        — 96 7,24 89,24
        − 58 9,27 49,27
        + 58 29,47 29,7 / 9,27 49,27
        ± 58 29,55 29,19 / 10,37 48,37 / 10,4 48,4
        × 58 14,42 44,12 / 44,42 14,12
        · 28 14,25 14,27
        * 40 20,63 20,39 / 9,57 31,45 / 31,57 9,45
        = 58 9,36 49,36 / 9,18 49,18
        ≈ 58 9,35 (9,43) 19,43 (26,43) 29,38 (32,33) 39,33 (49,33) 49,41 / 9,13 (9,21) 19,21 (26,21) 29,16 (32,11) 39,11 (49,11) 49,19
        < 58 48,46 9,27 48,8
        > 58 10,46 49,27 10,8
        ≤ 58 48,58 10,39 48,20 / 10,4 48,4
        ≥ 58 10,58 48,39 10,20 / 10,4 48,4
        ~ 58 9,23 (9,33) 19,33 (26,33) 29,27 (32,21) 39,21 (49,21) 49,31
        ^ 50 11,40 25,63 39,40
        # 58 24,63 18,0 / 43,63 37,0 / 9,42 52,42 / 7,21 50,21
        $ 58 50,45 (48,57) 30,57 (11,57) 11,45 (11,35) 30,32 (51,28) 51,17 (51,6) 30,6 (10,6) 8,19 / 30,69 30,-6
        % 88 25,63 (9,63) (9,32) (41,32) (41,63) 25,63 / 63,31 (47,31) (47,0) (79,0) (79,31) 63,31 / 64,63 24,0
        & 68 60,0 21,44 (16,50) 16,54 (16,64) 28,64 (40,64) 40,53 (40,44) 26,36 (9,27) 9,15 (9,-1) 28,-1 (50,-1) 57,28
        @ 98 66,41 (61,49) 51,49 (34,49) (34,12) 49,12 (62,12) 66,28 / 68,49 64,22 (62,12) 71,12 (88,12) 88,36 (88,66) 51,66 (10,66) (10,-14) 51,-14 (65,-14) 75,-8
        … 90 15,0 15,2 / 45,0 45,2 / 75,0 75,2
        ° 40 20,64 (9,64) (9,42) (31,42) (31,64) 20,64
        → 90 8,27 81,27 / 63,43 81,27 63,11
        √ 62 7,28 14,31 25,0 42,67 56,67
        ∞ 84 42,26 (32,42) 21,42 (8,42) (8,10) 21,10 (32,10) 42,26 (52,42) 63,42 (76,42) (76,10) 63,10 (52,10) 42,26
        α 58 50,44 (46,-1) 27,-1 (9,-1) (9,45) 27,45 (42,45) 45,20 (47,2) 52,0
        β 57 11,-20 11,45 (11,65) 28,65 (44,65) 44,50 (44,37) 28,37 22,37 / 28,37 (48,37) 48,17 (48,-1) 29,-1 (16,-1) 11,9
        γ 50 7,44 25,-4 25,-20 / 43,44 25,-4
        δ 56 44,59 (38,65) 28,65 (15,65) 15,56 (15,49) 28,43 (47,34) 47,19 (47,-1) 28,-1 (9,-1) 9,20 (9,38) 29,43
        Δ 68 34,63 8,0 60,0 34,63
        ε 48 40,35 (36,45) 25,45 (11,45) 11,34 (11,24) 25,24 29,24 / 25,24 (9,24) 9,11 (9,-1) 25,-1 (37,-1) 41,9
        θ 56 28,65 (9,65) (9,-1) (47,-1) (47,65) 28,65 / 10,32 46,32
        λ 52 7,65 11,65 (18,65) 21,57 44,0 / 28,40 8,0
        µ 57 11,44 11,-20 / 11,16 (11,-1) 26,-1 (39,-1) 45,13 / 45,44 45,0
        π 60 7,44 53,44 / 19,44 19,0 / 42,44 42,9 (42,0) 51,0
        ρ 56 11,-20 11,22 (11,45) 29,45 (47,45) (47,-1) 29,-1 (16,-1) 11,11
        σ 59 53,44 28,44 (9,44) 9,21 (9,-1) 28,-1 (47,-1) 47,20 (47,36) 36,44
        Σ 62 53,63 10,63 34,33 10,0 54,0
        τ 48 7,44 41,44 / 24,44 24,10 (24,0) 34,0
        φ 66 20,45 (9,40) 9,23 (9,-1) 33,-1 (57,-1) 57,23 (57,45) 45,45 (33,45) 33,30 33,-20
        χ 52 8,44 (16,44) 20,34 32,-10 (36,-20) 44,-20 / 43,44 9,-20
        ψ 68 9,44 9,20 (9,-1) 34,-1 (59,-1) 59,20 59,44 / 34,60 34,-20
        ω 76 20,44 (9,36) 9,20 (9,-1) 23,-1 (38,-1) 38,18 38,30 / 38,18 (38,-1) 53,-1 (67,-1) 67,20 (67,36) 56,44
        Ω 76 9,0 28,0 (11,12) 11,35 (11,64) 38,64 (65,64) 65,35 (65,12) 48,0 67,0
        ß 60 11,0 11,47 (11,65) 28,65 (44,65) 44,51 (44,40) 34,36 (30,34) 30,30 (30,26) 38,22 (50,16) 50,10 (50,-1) 37,-1 (31,-1) 27,2
        æ 87 11,33 (12,45) 27,45 (43,45) 43,30 43,14 / 43,26 26,26 (8,26) 8,12 (8,-1) 23,-1 (38,-1) 43,14 (48,-1) 61,-1 (73,-1) 77,12 / 43,22 78,22 (78,45) 61,45 (43,45) 43,22
        Æ 96 7,0 42,63 86,63 / 48,63 48,0 87,0 / 19,21 48,21 / 48,33 82,33
        ø 56 28,45 (8,45) (8,-1) (48,-1) (48,45) 28,45 / 46,50 10,-6
        Ø 78 39,64 (9,64) (9,-1) (69,-1) (69,64) 39,64 / 64,68 14,-5
        ı 24 12,44 12,0
        ` 34 10,65 20,53
        ´ 34 24,65 14,53
        ˆ 40 10,54 20,65 30,54
        ˜ 40 9,57 (9,64) 15,64 (18,64) 20,61 (22,58) 25,58 (31,58) 31,65
        ¨ 40 12,61 12,63 / 28,61 28,63
        ˚ 34 17,71 (8,71) (8,54) (26,54) (26,71) 17,71
        ¸ 34 17,0 (25,-8) 19,-15 (15,-18) 10,-16
        □ 60 11,0 11,63 49,63 49,0 11,0
        """;

    // Letters made of a letter and a mark, three signs each.
    private const string Accented =
        "ÀA`ÁA´ÂAˆÃA˜ÄA¨ÅA˚ÇC¸ÈE`ÉE´ÊEˆËE¨ÌI`ÍI´ÎIˆÏI¨ÑN˜ÒO`ÓO´ÔOˆÕO˜ÖO¨ÙU`ÚU´ÛUˆÜU¨ÝY´àa`áa´âaˆãa˜äa¨åa˚çc¸èe`ée´êeˆëe¨ìı`íı´îıˆïı¨ñn˜òo`óo´ôoˆõo˜öo¨ùu`úu´ûuˆüu¨ýy´ÿy¨";

    // Small raised and lowered signs, each above what it is made of.
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", RaisedFrom = "0123456789+−";
    private const string Lowered = "₀₁₂₃₄₅₆₇₈₉₊₋", LoweredFrom = "0123456789+−";

    // Signs that look like others here.
    private const string Alike = "\u00A0\u2009\u202F\u03BC\u212B\u2010\u2011‘’“”", AlikeFrom = "   µÅ--''\"\"";

    // Pairs of a sign of the first and one of the second that would stand too far apart, and by how much they come nearer.
    private static readonly (string Left, string Right, double Nearer)[] Kerning =
    [
        ("AÅ", "TVWY", 6), ("TVWY", "AÅ", 6), ("L", "TVWY", 7), ("T", "acegoqsumnprwyz.,-", 7), ("VWY", "acegoqsu.,-", 4),
        ("FP", "AÅ.,", 7), ("r", ".,-", 4), ("vwy", ".,", 4), ("/", "AÅ", 5),
    ];

    private static readonly Dictionary<int, Glyph> Glyphs = Read();

    /// <summary>Whether the alphabet has a sign; the others are boxes.</summary>
    /// <param name="sign">The sign.</param>
    public static bool Has(Rune sign) => Glyphs.ContainsKey(sign.Value);

    /// <summary>How wide the pen is.</summary>
    /// <param name="size">Size of the text.</param>
    /// <param name="bold">Whether it is bold.</param>
    public static double PenWidth(double size, bool bold = false) => size * Unit * (bold ? BoldPen : Pen);

    /// <summary>How wide a text is, in the unit of its size.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="size">Size of the text.</param>
    /// <param name="bold">Whether it is bold.</param>
    public static double Measure(string text, double size, bool bold = false) => Place(text, bold).Width * size * Unit;

    /// <summary>A text as strokes of the pen, in the unit of its size: x to the right from its beginning, y upwards from the line it stands on.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="size">Size of the text.</param>
    /// <param name="bold">Whether it is bold.</param>
    public static IEnumerable<(double X, double Y)[]> Strokes(string text, double size, bool bold = false)
    {
        double scale = size * Unit;
        double rise = PenWidth(size, bold) / 2;
        return
            from placed in Place(text, bold).Glyphs
            from stroke in placed.Glyph.Strokes
            select Array.ConvertAll(stroke, point => (scale * (placed.Left + point.X), (scale * point.Y) + rise));
    }

    /// <summary>A text that is no wider than there is room: the text itself, or its beginning and end with … between them.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="room">The room.</param>
    /// <param name="size">Size of the text.</param>
    /// <param name="bold">Whether it is bold.</param>
    public static string Fit(string text, double room, double size, bool bold = false)
    {
        Rune[] signs = [.. text.EnumerateRunes()];
        string fitting = text;
        for (int kept = signs.Length - 1; kept >= 0 && Measure(fitting, size, bold) > room; kept--)
        {
            fitting = string.Concat(signs[..((kept + 1) / 2)]) + "…" + string.Concat(signs[^(kept / 2)..]);
        }

        return fitting;
    }

    // Where each sign of a text begins, and where the text ends.
    private static (List<(Glyph Glyph, double Left)> Glyphs, double Width) Place(string text, bool bold)
    {
        // A wider pen leaves the white between the letters as it is.
        double wider = bold ? BoldPen - Pen : 0;
        var placed = new List<(Glyph, double)>(text.Length);
        double end = 0;
        var before = new Rune('\0');
        foreach (Rune sign in text.EnumerateRunes().Where(sign => !Rune.IsControl(sign)))
        {
            Glyph glyph = Glyphs.GetValueOrDefault(sign.Value, Glyphs['□']);
            end -= Nearer(before, sign);
            placed.Add((glyph, end + (wider / 2)));
            end += glyph.Width + wider;
            before = sign;
        }

        return (placed, end);
    }

    private static double Nearer(Rune left, Rune right) =>
        Kerning.FirstOrDefault(pair => pair.Left.Contains(left.ToString(), StringComparison.Ordinal) && pair.Right.Contains(right.ToString(), StringComparison.Ordinal)).Nearer;

    private static Dictionary<int, Glyph> Read()
    {
        var glyphs = new Dictionary<int, Glyph> { [' '] = new(28, []) };
        foreach (string line in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split(' ', 3);
            glyphs.Add(parts[0][0], new Glyph(double.Parse(parts[1], CultureInfo.InvariantCulture), [.. parts[2].Split(" / ").Select(Stroke)]));
        }

        for (int i = 0; i < Accented.Length; i += 3)
        {
            // Marks are drawn for small letters; they stand higher on capitals, in the middle of both.
            (Glyph letter, Glyph mark) = (glyphs[Accented[i + 1]], glyphs[Accented[i + 2]]);
            double higher = char.IsUpper(Accented[i]) && Accented[i + 2] != '¸' ? 16 : 0;
            glyphs.Add(Accented[i], letter with { Strokes = [.. letter.Strokes, .. mark.Moved((letter.Width - mark.Width) / 2, higher, 1).Strokes] });
        }

        foreach ((string made, string from, double higher) in ((string, string, double)[])[(Raised, RaisedFrom, 29), (Lowered, LoweredFrom, -12)])
        {
            for (int i = 0; i < made.Length; i++)
            {
                glyphs.Add(made[i], glyphs[from[i]].Moved(1, higher, 0.6));
            }
        }

        for (int i = 0; i < Alike.Length; i++)
        {
            glyphs.Add(Alike[i], glyphs[AlikeFrom[i]]);
        }

        return glyphs;
    }

    private static (double X, double Y)[] Stroke(string text)
    {
        string[] marks = text.Split(' ');
        (double X, double Y)[] points = [.. marks.Select(mark => mark.Trim('(', ')').Split(',')).Select(
            pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture)))];
        List<(double X, double Y)> stroke = [points[0]];
        for (int i = 1; i < points.Length; i++)
        {
            if (!marks[i].StartsWith('('))
            {
                stroke.Add(points[i]);
                continue;
            }

            (double X, double Y) from = stroke[^1], corner = points[i];
            (double X, double Y) to = marks[i + 1].StartsWith('(') ? ((corner.X + points[i + 1].X) / 2, (corner.Y + points[i + 1].Y) / 2) : points[i + 1];
            for (int piece = 1; piece <= CurvePieces; piece++)
            {
                double t = (double)piece / CurvePieces;
                double a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
                stroke.Add(((a * from.X) + (b * corner.X) + (c * to.X), (a * from.Y) + (b * corner.Y) + (c * to.Y)));
            }
        }

        return [.. stroke];
    }

    private sealed record Glyph(double Width, (double X, double Y)[][] Strokes)
    {
        public Glyph Moved(double right, double up, double scale) =>
            new((Width * scale) + right, [.. Strokes.Select(stroke => Array.ConvertAll(stroke, point => ((scale * point.X) + right, (scale * point.Y) + up)))]);
    }
}
