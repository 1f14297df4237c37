using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Sharpening.PostProcessing;

/// <summary>A sharpened map and what led to it.</summary>
/// <param name="Map">The map.</param>
/// <param name="Fsc">Curves that it was weighted by; null for none.</param>
/// <param name="Original">Profile of the map that went in, averaged over stored coefficients as in RELION.</param>
/// <param name="Weighted">The same after detector and Fourier shell correlation; the fit is through this one.</param>
/// <param name="Sharpened">The same after sharpening and low-pass filter.</param>
public sealed record BFactorSharpeningResult(CryoMap Map, FscResult? Fsc, GuinierProfile Original, GuinierProfile Weighted, GuinierProfile Sharpened);
