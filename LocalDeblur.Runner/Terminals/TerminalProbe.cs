using System.Text;
using System.Text.RegularExpressions;
using LocalDeblur.Plots;

namespace LocalDeblur.Terminals;

/// <summary>Finds out how the terminal of this process shows pictures. The file is part of the runner and of the cmdlets.</summary>
internal static partial class TerminalProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>The terminal; null where output goes elsewhere.</summary>
    /// <param name="style">How it is to show pictures; null to find out.</param>
    /// <param name="terminal">Standard output itself, through which the terminal is asked.</param>
    public static TerminalScreen? Find(TerminalStyle? style, TextWriter terminal)
    {
        if (Console.IsOutputRedirected)
        {
            return null;
        }

        // A terminal that does not know its size has none that can be used.
        (int columns, int rows) = (Math.Max(20, Console.WindowWidth), Math.Max(10, Console.WindowHeight));
        bool hasTrueColor = Variable("COLORTERM") is "truecolor" or "24bit" || Variable("WT_SESSION").Length > 0 || OperatingSystem.IsWindows();
        return new TerminalScreen(style ?? (!HasColors() ? TerminalStyle.Text : HasSixel(terminal) ? TerminalStyle.Sixel : TerminalStyle.Blocks), columns, rows, hasTrueColor);
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? string.Empty;

    // Colours, and an encoding that has blocks and dots.
    private static bool HasColors() =>
        Variable("NO_COLOR").Length == 0
            && (OperatingSystem.IsWindows() || (Variable("TERM") is not ("" or "dumb") && IsUnicode()));

    private static bool IsUnicode() =>
        ((string[])["LC_ALL", "LC_CTYPE", "LANG"]).Select(Variable).FirstOrDefault(value => value.Length > 0) is { } locale
            && locale.Replace("-", string.Empty, StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);

    // Device attributes (DA1): a terminal with Sixel graphics has a 4 among them. One that does not answer is asked in vain for a moment.
    private static bool HasSixel(TextWriter terminal)
    {
        if (Console.IsInputRedirected || OperatingSystem.IsWindows())
        {
            return false;
        }

        // The first look at the keyboard takes the echo away, which would show the answer.
        while (Console.KeyAvailable)
        {
            Console.ReadKey(intercept: true);
        }

        terminal.Write("\e[c");
        terminal.Flush();
        var answer = new StringBuilder();
        long until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (Environment.TickCount64 < until)
        {
            if (!Console.KeyAvailable)
            {
                Thread.Sleep(5);
                continue;
            }

            answer.Append(Console.ReadKey(intercept: true).KeyChar);
            if (Attributes().Match(answer.ToString()) is { Success: true } attributes)
            {
                return attributes.Groups[1].Value.Split(';').Contains("4");
            }
        }

        return false;
    }

    [GeneratedRegex(@"\?([\d;]+)c")]
    private static partial Regex Attributes();
}
