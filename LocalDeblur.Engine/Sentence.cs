using System.Globalization;

namespace LocalDeblur;

/// <summary>Sentences for people. All of the engine has it without a using.</summary>
internal static class Sentence
{
    /// <summary>A sentence with numbers as in every other message, file and history, whatever the culture.</summary>
    /// <param name="sentence">An interpolated string.</param>
    public static string Say(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
