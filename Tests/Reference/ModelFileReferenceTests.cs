using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Tests.Engine;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Models of real structures against what gemmi 0.5.7 reads from the same files.</summary>
public sealed class ModelFileReferenceTests
{
    /// <summary>Sums of thousands of decimal numbers with three digits, in another order.</summary>
    private const double SumRounding = 1e-3;

    [Theory]
    [InlineData("real/1a.pdb", 2499, 0, 1, 310, 16428, -106447.429, 49090.00, 2499.00, 0)]
    [InlineData("real/1c.pdb", 2499, 0, 1, 310, 16428, -106435.423, 49090.00, 2499.00, 3)]
    [InlineData("real/1e.pdb", 5270, 2658, 1, 315, 19836, -223300.305, 0.00, 5270.00, 0)]
    [InlineData("real/3ajo_fitted_refined.pdb", 1654, 0, 1, 413, 11316, 1260511.908, 21864.27, 1654.00, 0)]
    [InlineData("real/5fj6.pdb", 5266, 0, 1, 665, 34803, 2293548.034, 1515678.56, 5258.50, 0)]
    [InlineData("real/6272.pdb", 1401, 0, 1, 177, 9208, 218764.778, 150509.51, 1401.00, 0)]
    [InlineData("real/6bqn.cif", 12737, 0, 7, 1815, 84384, 19503681.515, 1913330.57, 12737.00, 0)]
    [InlineData("real/transmem.pdb.renum.pdb", 2500, 0, 1, 310, 16434, -106471.003, 49110.00, 2500.00, 3)]
    [InlineData("emringer/test_model.pdb", 218, 0, 1, 28, 1428, 20846.560, 0.00, 218.00, 0)]
    [InlineData("model-density/model.pdb", 496, 0, 1, 64, 3261, 119040.230, 57586.82, 496.00, 0)]
    public void RealModelIsReadAsGemmiReadsIt(
        string file, int atoms, int hydrogens, int chains, int residues, int electrons, double places, double bFactors, double occupancies, int charge)
    {
        AtomicModel model = ModelReader.Open(ReferenceData.Require(file), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(atoms, model.Atoms.Count);
        Assert.Equal(atoms - hydrogens, model.HeavyAtomCount);
        Assert.Equal(chains, model.Chains.Count);
        Assert.Equal(residues, model.Residues.Count());
        Assert.Equal(electrons, model.Atoms.Sum(atom => atom.AtomicNumber));
        Assert.Equal(places, model.Atoms.Sum(atom => atom.X + (2 * atom.Y) + (3 * atom.Z)), SumRounding);
        Assert.Equal(bFactors, model.Atoms.Sum(atom => atom.BFactor), 10 * SumRounding);
        Assert.Equal(occupancies, model.Atoms.Sum(atom => atom.Occupancy), 10 * SumRounding);
        Assert.Equal(charge, model.Atoms.Sum(atom => atom.Charge));
        Assert.Equal(atoms, model.Residues.Sum(residue => residue.Atoms.Count));
        RequireElementsToldFromNames(file, model);
    }

    // Columns 77 and on of a PDB file state the element, and without them the atom's name must do.
    private static void RequireElementsToldFromNames(string file, AtomicModel stated)
    {
        if (!file.EndsWith(".pdb", StringComparison.Ordinal))
        {
            return;
        }

        string text = string.Join('\n', File.ReadLines(ReferenceData.Require(file)).Select(line => line.Length > 76 ? line[..76] : line));
        AtomicModel told = ModelFile.Parse("model.pdb", text, new ModelReadOptions());

        Assert.Equal(stated.Atoms.Select(atom => atom.Element), told.Atoms.Select(atom => atom.Element));
    }
}
