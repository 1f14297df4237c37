using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>
/// Replaces the phases of a transform by random ones beyond a shell and keeps the amplitudes
/// (Chen et al., <i>Ultramicroscopy</i> 135 (2013) 24).
/// </summary>
/// <remarks>Conjugate coefficients stay conjugate, so the result is the transform of a real volume with the same power in every shell.</remarks>
internal static unsafe class PhaseRandomisation
{
    // Keeps these sequences apart from those of phantoms made with the same seed.
    private const ulong StreamBase = 0x5048_0000_0000_0000;

    /// <summary>Randomises in place.</summary>
    /// <param name="spectrum">Complete transform.</param>
    /// <param name="shell">From this frequency on, in units of one over the longest edge.</param>
    /// <param name="seed">The user's seed.</param>
    /// <param name="map">Number of the map: maps of one seed get independent phases.</param>
    /// <param name="limits">Of these the threads. The result does not depend on them.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    public static void Apply(Spectrum spectrum, int shell, int seed, int map, RunLimits limits, CancellationToken cancellationToken)
    {
        GridSize size = spectrum.Size;
        double limit = (double)shell * shell;
        ulong stream = StreamBase + ((ulong)map << 40);
        limits.ForEach(size.Z, kz =>
        {
            var random = new DeterministicRandom(seed, stream + (ulong)kz);
            for (int ky = 0; ky < size.Y; ky++)
            {
                for (int kx = 1; 2 * kx < size.X; kx++)
                {
                    if (Square(size, kx, ky, kz) >= limit)
                    {
                        Turn(Element(spectrum, kx, ky, kz), random.NextUniform());
                    }
                }
            }
        }, cancellationToken);

        RandomisePlanes(spectrum, limit, new DeterministicRandom(seed, stream + (ulong)size.Z), cancellationToken);
    }

    // The planes that hold both of two conjugate coefficients.
    private static void RandomisePlanes(Spectrum spectrum, double limit, DeterministicRandom planes, CancellationToken cancellationToken)
    {
        GridSize size = spectrum.Size;
        for (int kx = 0; kx <= size.X / 2; kx += Math.Max(1, size.X / 2))
        {
            if (kx > 0 && 2 * kx < size.X)
            {
                break;
            }

            for (int kz = 0; kz < size.Z; kz++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int mateZ = (size.Z - kz) % size.Z;
                for (int ky = 0; ky < size.Y; ky++)
                {
                    int mateY = (size.Y - ky) % size.Y;
                    bool isFirst = kz < mateZ || (kz == mateZ && ky <= mateY);
                    if (!isFirst || Square(size, kx, ky, kz) < limit)
                    {
                        continue;
                    }

                    double turn = planes.NextUniform();
                    float* element = Element(spectrum, kx, ky, kz);
                    if (kz == mateZ && ky == mateY)
                    {
                        // Its own conjugate: real, so only the sign is free.
                        element[0] = turn < 0.5 ? element[0] : -element[0];
                        continue;
                    }

                    Turn(element, turn);
                    float* mate = Element(spectrum, kx, mateY, mateZ);
                    mate[0] = element[0];
                    mate[Lanes.Width] = -element[Lanes.Width];
                }
            }
        }
    }

    private static float* Element(Spectrum spectrum, int kx, int ky, int kz) =>
        spectrum.Floats + (kz * spectrum.Layout.PlanePitch) + (ky * spectrum.Layout.RowPitch) + (kx / Lanes.Width * Lanes.Floats) + (kx % Lanes.Width);

    private static void Turn(float* element, double turn)
    {
        double amplitude = Math.Sqrt(((double)element[0] * element[0]) + ((double)element[Lanes.Width] * element[Lanes.Width]));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * turn);
        element[0] = (float)(amplitude * cosine);
        element[Lanes.Width] = (float)(amplitude * sine);
    }

    // Squared frequency in units of one over the longest edge; a whole number in a cube.
    private static double Square(GridSize size, int kx, int ky, int kz)
    {
        double x = Scaled(kx, size.X, size.Longest);
        double y = Scaled(ky, size.Y, size.Longest);
        double z = Scaled(kz, size.Z, size.Longest);
        return (x * x) + (y * y) + (z * z);
    }

    private static double Scaled(int index, int length, int longest) => (double)(index <= length / 2 ? index : index - length) * longest / length;
}
