using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Trials.Slurm;

[assembly: AssemblyFixture(typeof(SlurmCluster))]

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>
/// A Slurm cluster of one node, this machine, with daemons and a configuration of its own, while tests run: slurmctld, slurmd and munged as Debian's packages bring them. Starting them takes a superuser; where they can't be started
/// tests are skipped, and say so.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    private static readonly string[] Programs = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch"];

    private readonly List<Process> daemons = [];
    private TemporaryFolder? folder;

    /// <summary>The one node.</summary>
    public static string Node => Environment.MachineName.Split('.')[0];

    /// <summary>Skips a test where there is no cluster, and starts it for the first that needs one.</summary>
    public void Require()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !Programs.All(File.Exists))
            Assert.Skip("needs Slurm (Debian's slurmctld, slurmd, slurm-client, munge) and a superuser to start it");
        else if (folder is null)
            Start();
    }

    /// <summary>What one of Slurm's programs prints.</summary>
    public static string Ask(string program, params IReadOnlyList<string> words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }

    /// <summary>Jobs and tasks that wait or run.</summary>
    public static IReadOnlyList<string> Queue => Ask("squeue", "--noheader", "--array", "--format=%F_%K").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Waits until no job is left.</summary>
    public static void UntilIdle() => Until(() => Queue.Count == 0, "an empty queue");

    /// <summary>Waits for something that takes seconds.</summary>
    public static void Until(Func<bool> isSo, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"No {what} within a minute.");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        if (folder is null)
            return;
        Ask("scancel", "--user=root");
        UntilIdle();
        foreach (var daemon in Enumerable.Reverse(daemons))
        {
            daemon.Kill();
            daemon.WaitForExit();
            daemon.Dispose();
        }

        Environment.SetEnvironmentVariable("SLURM_CONF", null);
        folder.Dispose();
    }

    [SupportedOSPlatform("linux")]
    private void Start()
    {
        folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);   // munged refuses a socket whose folder others can't enter
        foreach (var name in new[] { "state", "spool" })
            Directory.CreateDirectory(folder[name]);
        File.WriteAllBytes(folder["munge.key"], RandomNumberGenerator.GetBytes(1024));
        File.SetUnixFileMode(folder["munge.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(folder["slurm.conf"], Configuration());
        Environment.SetEnvironmentVariable("SLURM_CONF", folder["slurm.conf"]);
        Start(Programs[0], "--foreground", "--force", $"--key-file={folder["munge.key"]}", $"--socket={folder["munge"]}", $"--pid-file={folder["munge.pid"]}", $"--log-file={folder["munge.log"]}", $"--seed-file={folder["munge.seed"]}");
        Until(() => File.Exists(folder["munge"]), "munged");
        Start(Programs[1], "-D", "-i", "-f", folder["slurm.conf"]);
        Start(Programs[2], "-D", "-f", folder["slurm.conf"]);
        Until(() => Ask("sinfo", "--noheader", "--format=%T") == "idle", "a node");
    }

    private void Start(string program, params IReadOnlyList<string> words)
    {
        var daemon = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        daemons.Add(daemon);
    }

    // as many tasks at a time as a small cluster has, whatever this machine has; credentials that run out soon, as a requeued job waits until then
    private string Configuration()
    {
        return string.Create(CultureInfo.InvariantCulture, $"""
            ClusterName=test
            SlurmctldHost={Node}
            SlurmUser=root
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            AuthType=auth/munge
            AuthInfo=socket={folder!["munge"]},cred_expire=5
            StateSaveLocation={folder["state"]}
            SlurmdSpoolDir={folder["spool"]}
            SlurmctldPidFile={folder["slurmctld.pid"]}
            SlurmdPidFile={folder["slurmd.pid"]}
            SlurmctldLogFile={folder["slurmctld.log"]}
            SlurmdLogFile={folder["slurmd.log"]}
            SlurmdParameters=config_overrides
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
            ReturnToService=2
            KillWait=5
            MaxArraySize=11
            NodeName={Node} CPUs=4 State=UNKNOWN
            PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
            """) + "\n";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
