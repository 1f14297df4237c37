using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Reports;

namespace LocalDeblur.Tests.Engine.Reports;

/// <summary>A report on half maps of a phantom with its model, made once.</summary>
public sealed class ReportFixture
{
    public ReportFixture()
    {
        Phantom = CryoPhantom.Draw(new PhantomOptions { Size = 48 });
        Halves = new Reconstruction(Phantom.HalfMap1, Phantom.HalfMap2);
        Report = SharpeningReport.Run(Halves, null, new SharpeningReportOptions { Model = Phantom.Model });
        Page = new ReportPage(Report, CancellationToken.None).Compose();
    }

    public CryoPhantom Phantom { get; }

    public Reconstruction Halves { get; }

    public SharpeningReport Report { get; }

    internal string Page { get; }
}
