using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using Xunit;
using static LocalDeblur.Tests.Engine.ModelFile;

namespace LocalDeblur.Tests.Engine.Models;

public sealed class ModelPdbTests
{
    [Fact]
    public void EveryColumnIsRead()
    {
        ModelAtom atom = Assert.Single(Pdb("HETATM 1234  O1 BHEM B-123C   -101.500 -20.250   3.125  0.50 45.25      SEGI O1-").Atoms);

        Assert.Equal(
            new ModelAtom
            {
                Serial = 1234,
                Name = "O1",
                Element = "O",
                AtomicNumber = 8,
                ResidueName = "HEM",
                Chain = "B",
                ResidueNumber = -123,
                InsertionCode = "C",
                AlternateLocation = "B",
                X = -101.5,
                Y = -20.25,
                Z = 3.125,
                Occupancy = 0.5,
                BFactor = 45.25,
                Charge = -1,
                IsHetero = true,
            },
            atom);
        Assert.Equal("B/HEM -123C/O1[B]", atom.ToString());
    }

    [Theory]
    [InlineData(" CA ", "LEU", "C")]
    [InlineData("CA  ", " CA", "Ca")]
    [InlineData(" CA ", " CA", "Ca")]
    [InlineData("CA  ", "LEU", "C")]
    [InlineData("HG11", "VAL", "H")]
    [InlineData("HG  ", " HG", "Hg")]
    [InlineData("HG  ", "SER", "H")]
    [InlineData("HE21", "GLN", "H")]
    [InlineData("1HB ", "ALA", "H")]
    [InlineData(" D  ", "LEU", "D")]
    [InlineData("FE  ", "HEM", "Fe")]
    [InlineData(" ZN ", "LIG", "Zn")]
    [InlineData("MG  ", " MG", "Mg")]
    [InlineData("CL1 ", "LIG", "Cl")]
    [InlineData("C210", "POP", "C")]
    [InlineData("H12A", "LIG", "H")]
    [InlineData(" N1A", "COA", "N")]
    [InlineData("SE  ", "MSE", "Se")]
    [InlineData(" P  ", " DA", "P")]
    [InlineData("1C4A", "LIG", "C")]
    [InlineData(" O  ", "UNK", "O")]
    public void ElementIsToldFromTheNameWhereItIsNotStated(string name, string residue, string element)
    {
        Assert.Equal(element, Pdb(Atom(name, residue, element: "  ")).Atoms[0].Element);
    }

    [Theory]
    [InlineData("ZN", "2+", "Zn", 2)]
    [InlineData("C ", "  ", "C", 0)]
    [InlineData(" O", "1-", "O", -1)]
    [InlineData("FE", "+3", "Fe", 3)]
    [InlineData("na", "1+", "Na", 1)]
    [InlineData(" D", "  ", "D", 0)]
    [InlineData("12", "34", "C", 0)]
    public void StatedElementAndChargeAreRead(string columns, string charge, string element, int value)
    {
        ModelAtom atom = Pdb(Atom(element: columns, charge: charge)).Atoms[0];

        Assert.Equal((element, value), (atom.Element, atom.Charge));
    }

    [Theory]
    [InlineData("   1", 1)]
    [InlineData("-999", -999)]
    [InlineData("9999", 9999)]
    [InlineData("A000", 10000)]
    [InlineData("A001", 10001)]
    [InlineData("ZZZZ", 1223055)]
    [InlineData("a000", 1223056)]
    [InlineData("zzzz", 2436111)]
    public void ResidueNumberMayBeHybrid36(string field, int number)
    {
        Assert.Equal(number, Pdb(Atom(number: field)).Atoms[0].ResidueNumber);
    }

    [Theory]
    [InlineData("99999", 99999)]
    [InlineData("A0000", 100000)]
    [InlineData("zzzzz", 87440031)]
    [InlineData("*****", 1)]
    [InlineData("     ", 1)]
    public void SerialMayBeHybrid36OrUnreadable(string field, int number)
    {
        Assert.Equal(number, Pdb(Atom(serial: field)).Atoms[0].Serial);
    }

    [Fact]
    public void SerialOfSixDigitsRunsIntoTheRecordName()
    {
        Assert.Equal(123456, Pdb(Atom(record: "ATOM 1", serial: "23456")).Atoms[0].Serial);
    }

    [Fact]
    public void FirstModelIsRead()
    {
        AtomicModel model = Pdb("MODEL        1", Atom(), "TER", Atom(" N  ", element: " N"), "ENDMDL", "MODEL        2", Atom(x: 5), "ENDMDL", "END");

        Assert.Equal(2, model.Atoms.Count);
        Assert.Contains("first of 2 models in the file was read; 1 atoms of the others", Assert.Single(model.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void FirstModelWithoutItsEndIsRead() => Assert.Single(Pdb("MODEL        1", Atom(), "MODEL        2", Atom(x: 5)).Atoms);

    [Theory]
    [InlineData("END   ")]
    [InlineData("ENDMDL")]
    public void WhatFollowsTheEndBelongsToTheModel(string end)
    {
        AtomicModel model = Pdb(Atom(), end, Atom(chain: " B"), Atom(" CB ", chain: " B")[..60], end);

        Assert.Equal(["A", "B", "B"], model.Atoms.Select(atom => atom.Chain));
        Assert.Contains(model.Warnings, warning => warning.Contains("2 atoms that follow", StringComparison.Ordinal));
        Assert.Contains(model.Warnings, warning => warning.StartsWith("1 atoms state no B factor", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatFollowsTheEndOfAModelOfSeveralBelongsToTheFirst()
    {
        AtomicModel model = Pdb("MODEL        1", Atom(), "ENDMDL", "MODEL        2", Atom(x: 5), "ENDMDL", Atom("ZN  ", " ZN", " C", element: "ZN", record: "HETATM"));

        Assert.Equal(["C", "Zn"], model.Atoms.Select(atom => atom.Element));
        Assert.Equal(2, model.Warnings.Count);
    }

    [Fact]
    public void FramesOfATrajectoryAreOneModel()
    {
        string[] frame = [Atom(), Atom(" HA ", element: " H"), Atom(" CB ")[..60], "END"];
        string text = string.Join('\n', [.. frame, .. frame, .. frame]);

        AtomicModel model = Parse("m.pdb", text, new ModelReadOptions { DropHydrogens = true });

        Assert.Equal(["CA", "CB"], model.Atoms.Select(atom => atom.Name));
        Assert.Contains("4 atoms behind the end", model.Warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("1 atoms state no B factor", model.Warnings[1], StringComparison.Ordinal);
        Assert.StartsWith("1 hydrogen", Assert.Single(model.Decisions), StringComparison.Ordinal);
    }

    [Fact]
    public void PseudoAtomsGoByTheirElements()
    {
        AtomicModel model = Pdb(Atom("    ", "HOH", element: " O"), Atom("    ", "HOH", element: " O"));

        Assert.Equal(["O", "O"], model.Atoms.Select(atom => atom.Name));
        Assert.Equal(2, model.Residues.Count());
        Assert.StartsWith("2 atoms have no name", Assert.Single(model.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  2A", 2, "A")]
    [InlineData("0B  ", 0, "B")]
    [InlineData("-12C", -12, "C")]
    [InlineData("    ", 0, "")]
    public void ResidueNumberMayBeACodeOrMissing(string field, int number, string insertion)
    {
        AtomicModel model = Pdb(Atom(number: field));

        Assert.Equal((number, insertion), (model.Atoms[0].ResidueNumber, model.Atoms[0].InsertionCode));
        Assert.Equal(insertion.Length, model.Warnings.Count);
    }

    [Fact]
    public void NumbersBesideThePlaceMayBeUnreadable()
    {
        AtomicModel model = Pdb(
            "ATOM      1  CA  ALA A   1       1.000   2.000  -3.500  one  20.00           C  ", "ATOM      1  CB  ALA A   1       1.000   2.000  -3.500  1.00 ****            C  ");

        Assert.Equal([(1.0, 20.0), (1, 0)], model.Atoms.Select(atom => (atom.Occupancy, atom.BFactor)));
        Assert.Equal(2, model.Warnings.Count);
    }

    [Fact]
    public void AlternatesAsManyAsAtomsTakeNoMoreThanTheirTime()
    {
        // Each with a label of its own; of mmCIF, since a PDB file has room for a letter only. At n² this would take minutes.
        const int Count = 200_000;
        ModelAtom[] atoms =
        [
            .. Enumerable.Range(0, Count).Select(i => new ModelAtom
            {
                Name = "CA",
                Element = "C",
                AtomicNumber = 6,
                X = i,
                Y = 0,
                Z = 0,
                AlternateLocation = FormattableString.Invariant($"L{i}"),
                Occupancy = (i * 7919L % Count) / (double)Count,
            }),
        ];

        Assert.Equal((Count - 1) / (double)Count, Assert.Single(AlternateLocations.Resolve(atoms)).Occupancy);
    }

    [Fact]
    public void SymmetryIsNotApplied()
    {
        AtomicModel model = Pdb("MTRIX1   2 -1.000000  0.000000  0.000000        0.00000", "REMARK 350   BIOMT1   2 -1.000000  0.000000  0.000000        0.00000", Atom());

        Assert.Single(model.Atoms);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\n\n")]
    public void LineEndsOfAnySystem(string end)
    {
        AtomicModel model = Parse("model.pdb", string.Join(end, "REMARK", Atom(), Atom(" N  ", element: " N"), "END"), new ModelReadOptions());

        Assert.Equal(["C", "N"], model.Atoms.Select(atom => atom.Element));
    }

    [Fact]
    public void ShortLineHasItsDefaults()
    {
        AtomicModel model = Pdb(Atom()[..54], Atom(" N  ")[..60], Atom(" O  ")[..66]);

        Assert.Equal(["C", "N", "O"], model.Atoms.Select(atom => atom.Element));
        Assert.All(model.Atoms, atom => Assert.Equal(1, atom.Occupancy));
        Assert.Equal([0, 0, 20], model.Atoms.Select(atom => atom.BFactor));
        Assert.Contains("2 atoms state no B factor", Assert.Single(model.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void AnisotropicDisplacementStandsInForABFactor()
    {
        const string displacement = "ANISOU    1  CA  ALA A   1     3000   2000   1000      0      0      0       C  ";
        AtomicModel model = Pdb(Atom(), displacement, Atom(" CB ")[..60], displacement);

        Assert.Equal(20, model.Atoms[0].BFactor);
        Assert.Equal(8 * Math.PI * Math.PI * 0.2, model.Atoms[1].BFactor, 1e-9);
        Assert.Empty(model.Warnings);
    }

    [Fact]
    public void HydrogensAreKeptOrLeftOut()
    {
        string text = string.Join('\n', Atom(), Atom(" HA ", element: " H"), Atom(" D  ", element: " D"));

        Assert.Equal(3, Parse("m.pdb", text, new ModelReadOptions()).Atoms.Count);
        AtomicModel without = Parse("m.pdb", text, new ModelReadOptions { DropHydrogens = true });
        Assert.Equal("CA", Assert.Single(without.Atoms).Name);
        Assert.Contains("2 hydrogen", Assert.Single(without.Decisions), StringComparison.Ordinal);
        EngineException refusal = Assert.Throws<EngineException>(() => Parse("m.pdb", Atom(" HA ", element: " H"), new ModelReadOptions { DropHydrogens = true }));
        Assert.Equal(EngineError.ModelEmpty, refusal.Error);
    }

    [Fact]
    public void ConformationOfHighestOccupancyIsKeptWholeAndFirstOnTies()
    {
        string[] lines =
        [
            Atom(" N  ", element: " N"),
            Atom(" CA ", alternate: 'A', occupancy: 0.4, x: 1), Atom(" CA ", alternate: 'B', occupancy: 0.6, x: 2),
            Atom(" CB ", alternate: 'A', occupancy: 0.6, x: 3), Atom(" CB ", alternate: 'B', occupancy: 0.5, x: 4),
            Atom(" CG ", alternate: 'A', occupancy: 0.3, x: 5),
            Atom(" CA ", number: "   2", alternate: 'X', occupancy: 0.5, x: 6), Atom(" CA ", number: "   2", alternate: 'Y', occupancy: 0.5, x: 7),
            Atom(" CB ", number: "   3", occupancy: 0.4, x: 8), Atom(" CB ", number: "   3", alternate: 'Y', occupancy: 0.6, x: 9),
        ];

        AtomicModel model = Pdb(lines);

        Assert.Equal(["N1", "CA2", "CB4", "CG5", "CA6", "CB9"], model.Atoms.Select(atom => $"{atom.Name}{atom.X}"));
        Assert.Equal(10, Parse("m.pdb", string.Join('\n', lines), new ModelReadOptions { Alternates = AlternateConformations.All }).Atoms.Count);
    }

    [Fact]
    public void OfTwoResiduesAtOnePlaceOneIsKept()
    {
        string[] lines =
        [
            Atom(" N  ", "SER", alternate: 'A', occupancy: 0.3, element: " N"), Atom(" OG ", "SER", alternate: 'A', occupancy: 0.3, element: " O"),
            Atom(" N  ", "THR", alternate: 'B', occupancy: 0.7, element: " N"), Atom(" CG2", "THR", alternate: 'B', occupancy: 0.7),
        ];

        ModelResidue residue = Assert.Single(Pdb(lines).Residues);

        Assert.Equal("A/THR 1", residue.ToString());
        Assert.Equal(["N", "CG2"], residue.Atoms.Select(atom => atom.Name));
        Assert.Equal(2, Parse("m.pdb", string.Join('\n', lines), new ModelReadOptions { Alternates = AlternateConformations.All }).Residues.Count());
    }

    [Fact]
    public void ResiduesAreToldApart()
    {
        AtomicModel model = Pdb(
            Atom(" N  ", element: " N"),
            Atom(" CA "),
            Atom(" N  ", insertion: 'A', element: " N"),
            Atom(" N  ", chain: "  ", element: " N"),
            Atom(" CA ", chain: "  "),
            "TER",
            Atom(" N  ", chain: "  ", element: " N"),
            Atom(" CA ", chain: "  "),
            Atom(" O  ", "HOH", "AB", "   0", element: " O"),
            Atom(" O  ", "HOH", "AB", "   0", element: " O"),
            Atom(" CB "));

        Assert.Equal(["A", "", "AB"], model.Chains.Select(chain => chain.Id));
        Assert.Equal(["A/ALA 1", "A/ALA 1A"], model.Chains[0].Residues.Select(residue => residue.ToString()));
        Assert.Equal(["N", "CA", "CB"], model.Chains[0].Residues[0].Atoms.Select(atom => atom.Name));
        Assert.Equal(["ALA 1", "ALA 1"], model.Chains[1].Residues.Select(residue => residue.ToString()));
        Assert.Equal(2, model.Chains[2].Residues.Count);
        Assert.Equal("CB", model.Chains[0].Residues[0].Find("CB")!.Name);
        Assert.Null(model.Chains[0].Residues[0].Find("CG"));
    }

    [Fact]
    public void ZeroOccupancyIsKeptAndSaid()
    {
        AtomicModel model = Pdb(Atom(occupancy: 0), Atom(" N  ", bFactor: -5, element: " N"));

        Assert.Equal(0, model.Atoms[0].Occupancy);
        Assert.Contains(model.Warnings, warning => warning.Contains("occupancy 0", StringComparison.Ordinal));
        Assert.Contains(model.Warnings, warning => warning.Contains("negative B", StringComparison.Ordinal));
    }

    [Fact]
    public void ALineThatEndsWithinTheElementNamesAnAtomWithoutAName()
    {
        string line = Atom("    ", element: "C ");
        AtomicModel model = Pdb(Atom(), line[..77]);

        Assert.Equal(["CA", "C"], model.Atoms.Select(atom => atom.Name));
    }

    [Theory]
    [InlineData("ATOM      1  CA  ALA A   1       1.000   2.0", EngineError.ModelFormatInvalid, "columns 31–54")]
    [InlineData("ATOM", EngineError.ModelFormatInvalid, "columns 31–54")]
    [InlineData("ATOM      1  CA  ALA A   1       1.0x0   2.000  -3.500  1.00 20.00           C  ", EngineError.ModelFormatInvalid, "x coordinate")]
    [InlineData("ATOM      1  CA  ALA A   1       1.000     NaN  -3.500  1.00 20.00           C  ", EngineError.ModelFormatInvalid, "y coordinate")]
    [InlineData("ATOM      1  CA  ALA A   1       1.000   2.000          1.00 20.00           C  ", EngineError.ModelFormatInvalid, "z coordinate")]
    [InlineData("ATOM      1  CA  ALA A A-00      1.000   2.000  -3.500  1.00 20.00           C  ", EngineError.ModelFormatInvalid, "residue number")]
    [InlineData("ATOM      1      ALA A   1       1.000   2.000  -3.500  1.00 20.00              ", EngineError.ModelFormatInvalid, "neither a name")]
    [InlineData("ATOM      1  QQ  LIG A   1       1.000   2.000  -3.500  1.00 20.00          XX  ", EngineError.ModelElementUnknown, "'XX'")]
    [InlineData("ATOM      1  QQ  LIG A   1       1.000   2.000  -3.500  1.00 20.00              ", EngineError.ModelElementUnknown, "A/LIG 1/QQ")]
    public void OneOddAtomIsLeftOutAndCountedAndMoreThanOthersAreRefused(string line, EngineError error, string part)
    {
        AtomicModel model = Pdb("REMARK", Atom(" N  ", element: " N"), line, Atom());
        EngineException refusal = Assert.Throws<EngineException>(() => Pdb("REMARK", Atom(" N  ", element: " N"), line, line));

        Assert.Equal(["N", "CA"], model.Atoms.Select(atom => atom.Name));
        string warning = Assert.Single(model.Warnings);
        Assert.StartsWith("1 atoms could not be read", warning, StringComparison.Ordinal);
        Assert.Equal(error, refusal.Error);
        Assert.Contains("2 of 3 atoms", refusal.Message, StringComparison.Ordinal);
        Assert.All([warning, refusal.Message], text => Assert.Contains("'model.pdb', line 3:", text, StringComparison.Ordinal));
        Assert.All([warning, refusal.Message], text => Assert.Contains(part, text, StringComparison.Ordinal));
    }
}
