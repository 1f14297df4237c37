using System.CommandLine;

namespace LocalDeblur.Runner;

/// <summary>The command line as a whole: `localdeblur` with every command below it.</summary>
internal static class RunnerCommand
{
    /// <summary>Describes it.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Sharpens cryo-EM maps locally, by the LocalDeblur method. The same work as the PowerShell module, for machines without PowerShell.")
        {
            SharpenCommand.Create(),
            ResolutionCommand.Create(),
            BFactorCommand.Create(),
            AutoSharpenCommand.Create(),
            LocScaleCommand.Create(),
            WienerCommand.Create(),
            FscCommand.Create(),
            GuinierCommand.Create(),
            CompareCommand.Create(),
            ScoreCommand.Create(),
            ReportCommand.Create(),
            DemoCommand.Create(),
            ShowCommand.Create(),
            SlicesCommand.Create(),
            ChimeraXCommand.Create(),
            FetchCommand.Create(),
            DepositCommand.Create(),
            RelionCommand.Create(),
            XmippCommand.Create(),
            XmippSharpeningCommand.Create(),
            XmippResolutionCommand.Create(),
            RunCommand.Create(),
            SubmitCommand.Create(),
            StatusCommand.Create(),
            CancelCommand.Create(),
            WatchCommand.Create(),
        };
        root.Add(RunnerLog.PathOption);
        ValueRules.AddTo(root);
        return root;
    }
}
