using System.Globalization;

namespace LocalDeblur.Benchmarks;

/// <summary>The few options that the benchmarks take: <c>--name value</c> and <c>--name</c>.</summary>
internal sealed class Options(string[] arguments)
{
    public bool Has(string name) => Array.IndexOf(arguments, "--" + name) >= 0;

    public string Text(string name, string otherwise)
    {
        int i = Array.IndexOf(arguments, "--" + name);
        return i >= 0 && i + 1 < arguments.Length ? arguments[i + 1] : otherwise;
    }

    public int Number(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public int[] Numbers(string name, string otherwise) => Array.ConvertAll(Text(name, otherwise).Split(','), s => int.Parse(s, CultureInfo.InvariantCulture));
}
