using System.Globalization;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using Xunit;

namespace LocalDeblur.Tests.Engine;

/// <summary>Eight leucines in a cube, and their density.</summary>
internal static class LeucineCube
{
    public static (AtomicModel Model, CryoMap Map) Draw()
    {
        (string Name, double X, double Y, double Z)[] leucine =
        [
            ("N", 0, 0, 0), ("CA", 1.458, 0, 0), ("C", 2.009, 1.42, 0), ("O", 1.251, 2.39, 0), ("CB", 1.988, -0.773, -1.199),
            ("CG", 1.677, -2.271, -1.222), ("CD1", 2.153, -2.893, -2.524), ("CD2", 0.179, -2.502, -1.345),
        ];
        int serial = 0;
        AtomicModel model = ModelFile.Pdb([.. Enumerable.Range(0, 8).SelectMany(i => leucine.Select(atom => string.Create(
            CultureInfo.InvariantCulture,
            $"ATOM  {++serial,5}  {atom.Name,-3} LEU A{i + 1,4}    "
                + $"{11 + (8 * (i & 1)) + atom.X,8:0.000}{11 + (4 * (i & 2)) + atom.Y,8:0.000}{11 + (2 * (i & 4)) + atom.Z,8:0.000}  1.00 40.00           {atom.Name[0]}")))]);
        CryoMap map = ModelDensity.DrawReference(model, new MapGrid(new GridSize(40, 36, 38), 1), cancellationToken: TestContext.Current.CancellationToken);
        return (model, map);
    }
}
