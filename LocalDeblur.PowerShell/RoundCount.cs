using System.Globalization;
using System.Management.Automation;
using LocalDeblur.Workflows;

namespace LocalDeblur.PowerShell;

/// <summary>What -Rounds accepts: 1 to 20, or the word Automatic.</summary>
public sealed class RoundCount
{
    /// <summary>The word for as many rounds as it takes.</summary>
    internal const string AutomaticWord = "Automatic";

    /// <summary>A number of rounds.</summary>
    /// <param name="count">1 to 20.</param>
    public RoundCount(int count) =>
        Count = count is >= 1 and <= LocalDeblurRunOptions.MaximumRounds ? count : throw Refuse(count.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number of rounds, or the word.</summary>
    /// <param name="text">1 to 20, or Automatic.</param>
    public RoundCount(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (AutomaticWord.Equals(text, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        Count = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= LocalDeblurRunOptions.MaximumRounds
            ? count
            : throw Refuse(text);
    }

    /// <summary>The number; null for Automatic.</summary>
    public int? Count { get; }

    /// <summary>The number or the word.</summary>
    public override string ToString() => Count?.ToString(CultureInfo.InvariantCulture) ?? AutomaticWord;

    private static PSArgumentException Refuse(string text) =>
        new($"'{text}' is not a number of rounds; expected 1 to {LocalDeblurRunOptions.MaximumRounds}, or {AutomaticWord}.");
}
