using LocalDeblur.Fourier;
using MathNet.Numerics.LinearAlgebra;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>
/// The B tensor of a map: how its intensities fall off in each direction against those of a protein at rest, by maximum likelihood.
/// </summary>
/// <remarks>
/// Intensities are taken as exponentially distributed about k·E(s²)·exp(−½·hᵀBh), E from <see cref="ExpectedIntensity"/>, h the frequency (Wilson,
/// <i>Acta Cryst.</i> 2 (1949) 318). With the logarithm of the mean linear in what is sought, the likelihood has one maximum, and Newton's method with
/// halved steps finds it. Frequencies from 11.2 Å to the resolution, at most 1.2 Å.
/// </remarks>
/// <param name="Xx">B along x (Å²).</param>
/// <param name="Yy">B along y (Å²).</param>
/// <param name="Zz">B along z (Å²).</param>
/// <param name="Xy">B between x and y (Å²).</param>
/// <param name="Xz">B between x and z (Å²).</param>
/// <param name="Yz">B between y and z (Å²).</param>
internal sealed record WilsonFit(double Xx, double Yy, double Zz, double Xy, double Xz, double Yz)
{
    private const int Unknowns = 7;
    private const int MaximumIterations = 100;

    // Å²; far below what matters to a map.
    private const double Tolerance = 1e-4;

    // Seven unknowns from fewer would be noise.
    private const double LeastCoefficients = 70;

    /// <summary>Mean of the three directions (Å²).</summary>
    public double Isotropic => (Xx + Yy + Zz) / 3;

    /// <summary>Measures a transform.</summary>
    /// <param name="spectrum">The transform.</param>
    /// <param name="frequencies">Its frequencies.</param>
    /// <param name="resolution">Finest resolution used (Å).</param>
    /// <param name="amplitude">Factor on each amplitude, by frequency (1/Å); null for none.</param>
    /// <param name="limits">Of these the threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>Null where there are too few coefficients to measure from.</returns>
    public static WilsonFit? Measure(
        Spectrum spectrum, FrequencyGrid frequencies, double resolution, Func<double, double>? amplitude, RunLimits limits,
        CancellationToken cancellationToken)
    {
        double[] x = new double[Unknowns];
        Sums sums = Evaluate(x);
        if (!(sums.Count >= LeastCoefficients) || !(sums.Ratio > 0))
        {
            return null;
        }

        x[0] = Math.Log(sums.Ratio / sums.Count);
        sums = Evaluate(x);
        for (int iteration = 0; iteration < MaximumIterations; iteration++)
        {
            double[] step;
            try
            {
                step = sums.Hessian.Cholesky().Solve(sums.Gradient).ToArray();
            }
            catch (ArgumentException)
            {
                return null;
            }

            double share = 1;
            double[] next = Move(x, step, share);
            Sums trial = Evaluate(next);
            while (!(trial.Objective <= sums.Objective + (1e-12 * Math.Abs(sums.Objective))) && share > 1e-6)
            {
                share /= 2;
                next = Move(x, step, share);
                trial = Evaluate(next);
            }

            x = next;
            sums = trial;
            if (step.Skip(1).All(change => Math.Abs(change) < Tolerance))
            {
                break;
            }
        }

        return new WilsonFit(x[1], x[2], x[3], x[4], x[5], x[6]);

        Sums Evaluate(double[] at) => new PlaneSums(spectrum, frequencies, resolution, amplitude, at).Run(limits, cancellationToken);
    }

    /// <summary>Makes the fall-off the same in all directions, its mean kept.</summary>
    /// <param name="spectrum">The transform that was measured; its coefficients are replaced.</param>
    /// <param name="frequencies">Its frequencies.</param>
    /// <param name="cutoff">Frequency (1/Å) beyond which nothing is done.</param>
    /// <param name="limits">Of these the threads.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    public void RemoveAnisotropy(Spectrum spectrum, FrequencyGrid frequencies, double cutoff, RunLimits limits, CancellationToken cancellationToken)
    {
        double mean = Isotropic;
        limits.ForEach(frequencies.Planes, kz =>
        {
            int count = (spectrum.Size.X / 2) + 1;
            float[] re = new float[count];
            float[] im = new float[count];
            double hz = frequencies.Z(kz);
            for (int ky = 0; ky < spectrum.Size.Y; ky++)
            {
                double hy = frequencies.Y(ky);
                if ((hy * hy) + (hz * hz) > cutoff * cutoff)
                {
                    continue;
                }

                spectrum.CopyRow(ky, kz, re, im);
                for (int kx = 0; kx < count; kx++)
                {
                    double hx = frequencies.X(kx);
                    double square = (hx * hx) + (hy * hy) + (hz * hz);
                    if (square > cutoff * cutoff)
                    {
                        break;
                    }

                    // At Nyquist a frequency has no sign, so nothing that depends on one may act there.
                    double sx = frequencies.SignedX(kx), sy = frequencies.SignedY(ky), sz = frequencies.SignedZ(kz);
                    double form = (Xx * hx * hx) + (Yy * hy * hy) + (Zz * hz * hz) + (2 * ((Xy * sx * sy) + (Xz * sx * sz) + (Yz * sy * sz)));
                    float factor = (float)Math.Exp((form - (mean * square)) / 4);
                    re[kx] *= factor;
                    im[kx] *= factor;
                }

                spectrum.SetRow(ky, kz, re, im);
            }
        }, cancellationToken);
    }

    private static double[] Move(double[] from, double[] step, double share) => [.. from.Select((value, i) => value - (share * step[i]))];

    // Minus the logarithm of the likelihood, its derivatives, the number of coefficients, and the sum of observed over expected.
    private sealed record Sums(double Objective, Vector<double> Gradient, Matrix<double> Hessian, double Count, double Ratio);

    private sealed class PlaneSums(Spectrum spectrum, FrequencyGrid frequencies, double resolution, Func<double, double>? amplitude, double[] at)
    {
        private const int Triangle = Unknowns * (Unknowns + 1) / 2;
        private const int Length = 3 + Unknowns + Triangle;

        public Sums Run(RunLimits limits, CancellationToken cancellationToken)
        {
            int planes = spectrum.Size.Z;
            double[] all = new double[(long)planes * Length];
            limits.ForEach(frequencies.Planes, kz => Add(kz, all.AsSpan(kz * Length, Length)), cancellationToken);
            double[] sums = new double[Length];
            for (int kz = 0; kz < planes; kz++)
            {
                for (int i = 0; i < Length; i++)
                {
                    sums[i] += all[((long)kz * Length) + i];
                }
            }

            var hessian = Matrix<double>.Build.Dense(Unknowns, Unknowns);
            for (int i = 0, n = 3 + Unknowns; i < Unknowns; i++)
            {
                for (int j = 0; j <= i; j++, n++)
                {
                    hessian[i, j] = sums[n];
                    hessian[j, i] = sums[n];
                }
            }

            return new Sums(sums[0], Vector<double>.Build.Dense(sums[3..(3 + Unknowns)]), hessian, sums[1], sums[2]);
        }

        private void Add(int kz, Span<double> sums)
        {
            double highest = Math.Min(ExpectedIntensity.HighestSquare, 1 / (resolution * resolution));
            int count = (spectrum.Size.X / 2) + 1;
            float[] re = new float[count];
            float[] im = new float[count];
            Span<double> row = stackalloc double[Unknowns];
            double hz = frequencies.Z(kz);
            for (int ky = 0; ky < spectrum.Size.Y; ky++)
            {
                double hy = frequencies.Y(ky);
                double rest = (hy * hy) + (hz * hz);
                if (rest > highest)
                {
                    continue;
                }

                spectrum.CopyRow(ky, kz, re, im);
                for (int kx = 0; kx < count; kx++)
                {
                    double hx = frequencies.X(kx);
                    double square = (hx * hx) + rest;
                    if (square > highest)
                    {
                        break;
                    }

                    double observed = ((double)re[kx] * re[kx]) + ((double)im[kx] * im[kx]);
                    if (square < ExpectedIntensity.LowestSquare || !(observed > 0))
                    {
                        continue;
                    }

                    double factor = amplitude?.Invoke(Math.Sqrt(square)) ?? 1;
                    observed *= factor * factor / ExpectedIntensity.At(square);
                    double sx = frequencies.SignedX(kx), sy = frequencies.SignedY(ky), sz = frequencies.SignedZ(kz);
                    row[0] = 1;
                    row[1] = -0.5 * hx * hx;
                    row[2] = -0.5 * hy * hy;
                    row[3] = -0.5 * hz * hz;
                    row[4] = -sx * sy;
                    row[5] = -sx * sz;
                    row[6] = -sy * sz;
                    double logarithm = 0;
                    for (int i = 0; i < Unknowns; i++)
                    {
                        logarithm += row[i] * at[i];
                    }

                    // The planes kx = 0 and Nyquist hold both of two conjugates, the others one.
                    double weight = kx == 0 || 2 * kx == spectrum.Size.X ? 0.5 : 1;
                    double ratio = observed * Math.Exp(-logarithm);
                    sums[0] += weight * (logarithm + ratio);
                    sums[1] += weight;
                    sums[2] += weight * ratio;
                    for (int i = 0, n = 3 + Unknowns; i < Unknowns; i++)
                    {
                        sums[3 + i] += weight * row[i] * (1 - ratio);
                        for (int j = 0; j <= i; j++, n++)
                        {
                            sums[n] += weight * ratio * row[i] * row[j];
                        }
                    }
                }
            }
        }
    }
}
