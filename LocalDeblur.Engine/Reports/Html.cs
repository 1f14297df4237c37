using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace LocalDeblur.Reports;

/// <summary>
/// Text that is part of a page. It comes about in one way only, by which every value in it is written as text: a name from a file or a label cannot become a tag.
/// </summary>
/// <param name="Text">The markup.</param>
internal readonly record struct Html(string Text)
{
    /// <summary>Nothing.</summary>
    public static Html Empty { get; } = new(string.Empty);

    /// <summary>Markup with values: those that are markup themselves stand as they are, all others as text, in attributes between quotes too.</summary>
    /// <param name="markup">An interpolated string.</param>
    public static Html Of(FormattableString markup) => new(markup.ToString(Encoder.Instance));

    /// <summary>Several pieces, one after another.</summary>
    /// <param name="pieces">The pieces.</param>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    /// <summary>The markup.</summary>
    public override string ToString() => Text;

    private sealed class Encoder : IFormatProvider, ICustomFormatter
    {
        public static readonly Encoder Instance = new();

        // Å, σ and the like stay as they are; what means anything in markup does not.
        private static readonly HtmlEncoder Text = HtmlEncoder.Create(UnicodeRanges.All);

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            Html html => html.Text,
            IFormattable value => Text.Encode(PlainText.Of(value.ToString(format, CultureInfo.InvariantCulture))),
            _ => Text.Encode(PlainText.Of(arg?.ToString())),
        };
    }
}
