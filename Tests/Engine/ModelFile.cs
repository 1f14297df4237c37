using System.Globalization;
using System.Text;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;

namespace LocalDeblur.Tests.Engine;

/// <summary>Small model files for tests.</summary>
internal static class ModelFile
{
    public static AtomicModel Pdb(params string[] lines) => Parse("model.pdb", lines);

    public static AtomicModel Mmcif(params string[] lines) => Parse("model.cif", lines);

    public static AtomicModel Parse(string name, params string[] lines) => Parse(name, string.Join('\n', lines), new ModelReadOptions());

    public static AtomicModel Parse(string name, string text, ModelReadOptions options) =>
        ModelReader.Parse(new ModelText(name, Encoding.UTF8.GetBytes(text)), options, CancellationToken.None);

    /// <summary>An ATOM record of a PDB file. Name, residue and element fill their columns.</summary>
    public static string Atom(
        string name = " CA ",
        string residue = "ALA",
        string chain = " A",
        string number = "   1",
        char insertion = ' ',
        char alternate = ' ',
        double x = 1,
        double occupancy = 1,
        double bFactor = 20,
        string element = " C",
        string charge = "  ",
        string serial = "    1",
        string record = "ATOM  ") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{record}{serial} {name}{alternate}{residue,3}{chain}{number}{insertion}   "
                + $"{x,8:0.000}{2.0,8:0.000}{-3.5,8:0.000}{occupancy,6:0.00}{bFactor,6:0.00}          {element}{charge}");
}
