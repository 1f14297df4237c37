// Compiled by the Pester tests too (Add-Type), hence on its own: no implicit usings, no nullable types.
#nullable disable
#pragma warning disable IDE0005
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;

namespace LocalDeblur.Tests;

/// <summary>
/// Starts children that hear the signals which tests send them, even where the tests themselves were started with some of them ignored, as
/// nohup, cron and the background jobs of a shell do. Children inherit that, and .NET leaves it so.
/// </summary>
public static class ListeningChild
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Termination = 15;
    private const nint Default = 0;
    private const nint Ignored = 1;

    // More than any system's struct sigaction.
    private const int ActionBytes = 512;

    private static readonly Lock Gate = new();

    /// <summary>Starts a process.</summary>
    /// <param name="start">How.</param>
    public static Process Start(ProcessStartInfo start)
    {
        if (OperatingSystem.IsWindows())
        {
            return Process.Start(start);
        }

        lock (Gate)
        {
            int[] ignored = Array.FindAll([Hangup, Interrupt, Termination], IsIgnored);
            Array.ForEach(ignored, number => SetHandler(number, Default));
            try
            {
                return Process.Start(start);
            }
            finally
            {
                Array.ForEach(ignored, number => SetHandler(number, Ignored));
            }
        }
    }

    // The handler is the first member of struct sigaction on Linux and macOS.
    private static bool IsIgnored(int number)
    {
        byte[] action = new byte[ActionBytes];
        return GetAction(number, 0, action) == 0 && MemoryMarshal.Read<nint>(action) == Ignored;
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetHandler(int number, nint handler);

    [DllImport("libc", EntryPoint = "sigaction")]
    private static extern int GetAction(int number, nint newAction, byte[] oldAction);
}
