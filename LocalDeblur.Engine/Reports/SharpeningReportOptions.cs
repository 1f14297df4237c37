using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Reports;

/// <summary>What a report is made of besides the reconstruction. What is not given is made, or left out.</summary>
public sealed record SharpeningReportOptions
{
    /// <summary>The method that sharpens; null for LocalDeblur, as a standard job has it. Not together with <see cref="Sharpened"/>.</summary>
    public ISharpeningMethod? Method { get; init; }

    /// <summary>The map as it was sharpened before, on the same grid; null to sharpen it now.</summary>
    public CryoMap? Sharpened { get; init; }

    /// <summary>Local resolution (Å), on the same grid; null to estimate it.</summary>
    public CryoMap? LocalResolution { get; init; }

    /// <summary>Atomic model by which the map is scored before and after; null for none.</summary>
    public AtomicModel? Model { get; init; }

    /// <summary>Resolution of the reconstruction (Å); null for that of the half maps' Fourier shell correlation. One map without it has no scores that need one.</summary>
    public double? Resolution { get; init; }

    /// <summary>Title of the page; null for the names of the maps.</summary>
    public string? Title { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
