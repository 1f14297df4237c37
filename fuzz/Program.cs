using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LocalDeblur.Tests.Fuzz;
using SharpFuzz;

const int Seeds = 40;

switch (args)
{
    case ["try", var kind, var folder]:
        Try(kind, folder);
        return 0;
    case ["seeds", var kind, var folder] when FuzzSamples.All.ContainsKey(kind):
        WriteSeeds(kind, folder);
        return 0;
    case ["keep", var from, var to, var bytes]:
        Keep(from, to, int.Parse(bytes, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine($"See run.sh. Kinds: {string.Join(", ", FuzzSamples.All.Keys)}.");
        return 2;
}

// One file after the other, as afl-fuzz gives them. What is thrown is a fault.
static void Try(string kind, string folder) =>
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        FuzzTarget.Reads(kind, FuzzTarget.FileOf(kind, bytes.ToArray()), folder);
    });

// What the tests draw, sound and changed, and a dictionary of the format's words for afl-fuzz.
static void WriteSeeds(string kind, string folder)
{
    (string target, Func<Random, byte[]> draw) = FuzzSamples.All[kind.EndsWith(".gz", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(kind) : kind];
    string seeds = Directory.CreateDirectory(Path.Combine(folder, "seeds")).FullName;
    for (int seed = 0; seed < Seeds; seed++)
    {
        File.WriteAllBytes(Path.Combine(seeds, $"drawn-{seed}"), draw(new Random(seed)));
    }

    foreach ((int i, byte[] sound) in FuzzSamples.Sound.Where(sample => sample.Target == target).Select(sample => sample.Bytes).Index())
    {
        File.WriteAllBytes(Path.Combine(seeds, $"sound-{i}"), sound);
    }

    static string Escaped(string word) => string.Concat(Encoding.UTF8.GetBytes(word).Select(value => $"\\x{value:x2}"));
    File.WriteAllLines(Path.Combine(folder, "words"), FuzzSamples.Words.GetValueOrDefault(target, []).Select(word => $"\"{Escaped(word)}\""));
}

// Keeps as many files as fit in so many bytes, of every length alike, named by what they hold.
static void Keep(string from, string to, int bytes)
{
    Directory.CreateDirectory(to);
    byte[][] all = [.. Directory.GetFiles(from).Select(File.ReadAllBytes).OrderBy(content => content.Length)];
    int step = 1 + (all.Sum(content => content.Length) / bytes);
    foreach (byte[] content in all.Index().Where(pair => pair.Index % step == 0).Select(pair => pair.Item))
    {
        File.WriteAllBytes(Path.Combine(to, Convert.ToHexStringLower(SHA256.HashData(content))[..12]), content);
    }
}
