using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace LocalDeblur.Tests.Engine.Jobs;

/// <summary>A Slurm cluster of one node, this machine, which the tests start and end themselves. Without accounts, cgroups and munge.</summary>
public sealed class SlurmNode : IAsyncLifetime
{
    // A daemon answers within a second; a machine that is busy takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Process> _daemons = [];

    /// <summary>Tasks of an array: one less than Slurm's MaxArraySize.</summary>
    public const int ArrayTasks = 3;

    /// <summary>Folder of the cluster.</summary>
    public string Folder { get; private set; } = string.Empty;

    /// <summary>Its configuration.</summary>
    public string Configuration => Path.Combine(Folder, "slurm.conf");

    /// <summary>Why there is none; null where there is.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Missing = !OperatingSystem.IsLinux() ? "Slurm is of Linux"
            : Find("slurmctld") is null || Find("slurmd") is null ? "Slurm (Debian's package slurm-wlm) is not installed"
            : Environment.UserName != "root" ? "a Slurm node is started by root"
            : null;
        if (Missing is not null)
        {
            return;
        }

        Folder = Directory.CreateTempSubdirectory("localdeblur-slurm-").FullName;
        foreach (string name in (string[])["state", "spool", "log", "run"])
        {
            Directory.CreateDirectory(Path.Combine(Folder, name));
        }

        string host = (await RunAsync("hostname", "-s")).Trim();
        await File.WriteAllTextAsync(Configuration, Configure(host));
        Environment.SetEnvironmentVariable("SLURM_CONF", Configuration);
        foreach (string daemon in (string[])["slurmctld", "slurmd"])
        {
            var start = new ProcessStartInfo("sh", ["-c", $"exec \"$0\" -D -f \"$1\" >/dev/null 2>&1", Find(daemon)!, Configuration]);
            _daemons.Add(ListeningChild.Start(start));
        }

        var clock = Stopwatch.StartNew();
        while ((await RunAsync("sinfo", "-h", "-o", "%T")).Trim() != "idle")
        {
            if (clock.Elapsed > Patience)
            {
                string log = await File.ReadAllTextAsync(Path.Combine(Folder, "log", "slurmctld.log"));
                throw new TimeoutException($"The Slurm node did not become idle within {Patience.TotalSeconds} s:\n{log}");
            }

            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Missing is not null || Folder.Length == 0)
        {
            return;
        }

        await RunAsync("scancel", "-u", "root");
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience && (await RunAsync("squeue", "-h")).Trim().Length > 0)
        {
            await Task.Delay(200);
        }

        foreach (Process daemon in _daemons)
        {
            await RunAsync("kill", $"{daemon.Id}");
            using var limit = new CancellationTokenSource(Patience);
            await daemon.WaitForExitAsync(limit.Token);
            daemon.Dispose();
        }

        Environment.SetEnvironmentVariable("SLURM_CONF", null);
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Skips the test where there is no Slurm to test against.</summary>
    public void Require() => Assert.SkipWhen(Missing is not null, $"Not tested against a Slurm: {Missing}.");

    /// <summary>Runs a command to its end and returns what it wrote to standard output.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await error;
        await process.WaitForExitAsync();
        return output;
    }

    private static string? Find(string program) => ((string[])[.. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'), "/usr/sbin"])
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Configure(string host) => $"""
        ClusterName=test
        SlurmctldHost={host}(127.0.0.1)
        SlurmUser=root
        AuthType=auth/none
        CredType=cred/none
        StateSaveLocation={Folder}/state
        SlurmdSpoolDir={Folder}/spool
        SlurmctldPidFile={Folder}/run/slurmctld.pid
        SlurmdPidFile={Folder}/run/slurmd.pid
        SlurmctldLogFile={Folder}/log/slurmctld.log
        SlurmdLogFile={Folder}/log/slurmd.log
        SlurmctldPort={FreePort()}
        SlurmdPort={FreePort()}
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU_Memory
        SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=1
        MpiDefault=none
        ReturnToService=2
        AccountingStorageType=accounting_storage/none
        JobAcctGatherType=jobacct_gather/linux
        JobAcctGatherFrequency=2
        JobAcctGatherParams=OverMemoryKill
        MailProg=/bin/true
        MinJobAge=300
        MessageTimeout=5
        KillWait=5
        MaxArraySize={ArrayTasks + 1}
        DefMemPerCPU=500
        NodeName={host} NodeAddr=127.0.0.1 CPUs={Environment.ProcessorCount} RealMemory=4000 State=UNKNOWN
        PartitionName=main Nodes={host} Default=YES MaxTime=60 DefaultTime=5 State=UP
        PartitionName=short Nodes={host} MaxTime=1 State=UP

        """.ReplaceLineEndings("\n");
}
