using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Phantom;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Benchmarks;

/// <summary>Every method that needs no model on fresh cells of half maps whose truth is known: what each gains over the map as it is, set by set.</summary>
internal static class JudgeBenchmark
{
    private static readonly HalfMapCell[] Cells =
    [
        new("linear, falling", CellBlur.Linear, CellNoise.Falling),
        new("radial, falling, twice the noise", CellBlur.Radial, CellNoise.Falling) { Level = 1.4 },
        new("linear, white", CellBlur.Linear, CellNoise.White),
        new("radial, rising", CellBlur.Radial, CellNoise.Rising),
        new("linear, rising, growing", CellBlur.Linear, CellNoise.Rising) { Grows = true },
        new("radial, falling, growing", CellBlur.Radial, CellNoise.Falling) { Grows = true },
        new("linear, falling, 10 % common", CellBlur.Linear, CellNoise.Falling) { Common = 0.1 },
        new("radial, white, belt", CellBlur.Radial, CellNoise.White) { Belt = true },
    ];

    private static readonly (string Name, string Format, Func<SharpeningDrawsRow, SharpeningFigure?> Of)[] Figures =
    [
        ("Q", "0.0000", row => row.QScore),
        ("FSC to truth", "0.0000", row => row.TruthFsc),
        ("CC to truth", "0.0000", row => row.TruthCorrelation),
        ("EMRinger", "0.00", row => row.EMRinger),
    ];

    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var options = new Options(arguments);
        int size = options.Number("size", 80);
        int draws = options.Number("draws", 4);
        var limits = new RunLimits { Threads = options.Number("threads", 0) };
        var grid = new MapGrid(new GridSize(size, size, size), 1);
        AtomicModel model = Centred(
            options.Text("model", "") is { Length: > 0 } file
                ? ModelReader.Open(file)
                : new HelixPhantom(new PhantomOptions { Size = size, VoxelSize = 1, Seed = options.Number("seed", 1) }).BuildModel(),
            size);
        ISharpeningMethod[] methods = [.. SharpeningMethods.All.Where(method => !method.NeedsModel)];
        HalfMapCell[] cells = [.. Cells.Take(options.Number("cells", Cells.Length))];
        Console.WriteLine($"{model.Name}, {model.Atoms.Count} atoms in {grid.Size} voxels of 1 Å; {cells.Length} cells of {draws} draws; mask and resolution from the half maps");
        var all = new List<SharpeningDraws>();
        foreach (HalfMapCell cell in cells)
        {
            (CryoMap truth, Reconstruction[] sets) = cell.Draw(model, grid, draws, limits);
            var comparing = new SharpeningComparisonOptions { Methods = methods, Model = model, Truth = truth, Limits = limits };
            var found = SharpeningDraws.Run(sets, null, comparing);
            all.Add(found);
            string resolutions = string.Join(", ", found.Sets.Select(set => set.Resolution.ToString("0.00", CultureInfo.InvariantCulture)));
            Console.WriteLine($"\n{cell.Name} (B {cell.Blur}, noise {cell.Noise}; FSC 0.143 at {resolutions} Å)\n");
            Console.WriteLine($"| method | {string.Join(" | ", Figures.Select(figure => figure.Name))} |");
            Console.WriteLine($"|---|{string.Concat(Figures.Select(_ => "---|"))}");
            foreach (SharpeningDrawsRow row in found.Rows)
            {
                Console.WriteLine($"| {row.Method} | {string.Join(" | ", Figures.Select(figure => Mean(figure.Of(row), figure.Format)))} |");
            }
        }

        WriteGains(all, methods);
        return 0;
    }

    // The model in the middle of the box.
    private static AtomicModel Centred(AtomicModel model, int size)
    {
        (double x, double y, double z) = (Middle(atom => atom.X), Middle(atom => atom.Y), Middle(atom => atom.Z));
        return new AtomicModel(model.Name, model.Atoms.Select(atom => atom with { X = atom.X + x, Y = atom.Y + y, Z = atom.Z + z }));

        double Middle(Func<ModelAtom, double> along) => (size / 2) - ((model.Atoms.Min(along) + model.Atoms.Max(along)) / 2);
    }

    // Over all draws: the mean gain, its standard error with the cells as the independent ones, and in how many cells and draws it is one.
    private static void WriteGains(List<SharpeningDraws> all, ISharpeningMethod[] methods)
    {
        Console.WriteLine("\nGain over the map as it is: mean ± standard error over cells (cells, draws with a gain)\n");
        Console.WriteLine($"| method | {string.Join(" | ", Figures.Select(figure => figure.Name))} |");
        Console.WriteLine($"|---|{string.Concat(Figures.Select(_ => "---|"))}");
        for (int i = 1; i < methods.Length; i++)
        {
            Console.WriteLine($"| {methods[i].Name} | {string.Join(" | ", Figures.Select(figure => Gain(all, i, figure.Of, figure.Format)))} |");
        }
    }

    private static string Gain(List<SharpeningDraws> all, int method, Func<SharpeningDrawsRow, SharpeningFigure?> of, string format)
    {
        SharpeningFigure[] cells = [.. all.Select(draws => of(draws.Rows[method])).OfType<SharpeningFigure>().Where(figure => figure.Gain is not null)];
        if (cells.Length == 0)
        {
            return "-";
        }

        double[] gains = [.. cells.Select(cell => cell.Gain!.Value)];
        double mean = gains.Average();
        double error = gains.Length < 2 ? double.NaN : Math.Sqrt(gains.Sum(gain => (gain - mean) * (gain - mean)) / (gains.Length - 1.0) / gains.Length);
        return $"{mean.ToString($"+{format};−{format};{format}", CultureInfo.InvariantCulture)} ± {error.ToString(format, CultureInfo.InvariantCulture)} "
            + $"({gains.Count(gain => gain > 0)}/{gains.Length}, {cells.Sum(cell => cell.Better)}/{cells.Sum(cell => cell.Sets)})";
    }

    private static string Mean(SharpeningFigure? figure, string format) => figure is null
        ? "-"
        : $"{figure.Mean.ToString(format, CultureInfo.InvariantCulture)}{(figure.Better is null ? string.Empty : $" ({figure.Better}/{figure.Sets})")}";
}
