# A session that goes on for days. LOCALDEBLUR_SERVICE=1 for the long run: 500 maps, 200 interruptions.

BeforeDiscovery {
    $long = [bool] $env:LOCALDEBLUR_SERVICE
    $script:maps = $long ? 500 : 24
    $script:stops = $long ? 200 : 6
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $isLong = [bool] $env:LOCALDEBLUR_SERVICE
    $phantom = New-CryoPhantom -Size 48
    foreach ($part in 'HalfMap1', 'HalfMap2', 'Mask', 'Truth') { $phantom.$part | Export-CryoMap "$TestDrive/$part.mrc" -NoHistory }
}

Describe 'A session that goes on' {
    It 'holds no more handles, threads and memory after <_> maps than after a quarter of them' -ForEach $maps {
        # In a process of its own, whose figures are not those of the tests before.
        $output = Invoke-Child @"
. '$PSScriptRoot/Common.ps1'
function Get-Level {
    [gc]::Collect(); [gc]::WaitForPendingFinalizers(); [gc]::Collect()
    `$process = [System.Diagnostics.Process]::GetCurrentProcess()
    `$process.HandleCount, `$process.Threads.Count, `$process.WorkingSet64
}
for (`$i = 1; `$i -le $_; `$i++) {
    Import-CryoMap '$TestDrive/HalfMap1.mrc' | Invoke-BFactorSharpening -BFactor -20 -WarningAction Ignore | Export-CryoMap '$TestDrive/out.mrc.gz' -Force
    if (`$i % 4 -eq 0) { '$TestDrive/HalfMap1.mrc', '$TestDrive/HalfMap2.mrc' | Measure-FourierShellCorrelation | Out-Null }
    if (`$i -eq [math]::Max(4, [int] ($_ / 4))) { `$quarter = Get-Level }
}
'{0}' -f ((`$quarter + @(Get-Level)) -join ' ')
"@
        [long[]] $levels = -split @($output)[-1]
        $levels.Count | Should -Be 6 -Because ($output -join "`n")
        $resident = $levels[2, 5] | ForEach-Object { [int] ($_ / 1MB) }
        Write-Host "$_ maps: handles $($levels[0]) to $($levels[3]), threads $($levels[1]) to $($levels[4]), resident $($resident -join ' to ') MB."

        # The pool of the runtime comes and goes with the load of the machine.
        $levels[3] - $levels[0] | Should -BeLessThan 40
        $levels[4] - $levels[1] | Should -BeLessThan 20
        $levels[5] - $levels[2] | Should -BeLessThan 80MB
    }
}

Describe 'Interruptions at any moment' {
    It 'end <_> cmdlets, leave no file, and the session goes on' -ForEach $stops {
        $halves = "'$TestDrive/HalfMap1.mrc', '$TestDrive/HalfMap2.mrc'"
        $commands = @(
            "$halves | Invoke-LocalDeblur | Export-CryoMap '$TestDrive/stopped.mrc'"
            "$halves | Invoke-LocalWiener | Export-CryoMap '$TestDrive/stopped.mrc'"
            "$halves | Measure-LocalResolution -Method LocalFsc -Mask '$TestDrive/Mask.mrc' | Export-CryoMap '$TestDrive/stopped.mrc'"
            "$halves | Measure-LocalResolution -Method MonoRes | Export-CryoMap '$TestDrive/stopped.mrc.bz2'"
            "$halves | Compare-SharpeningMethod -Resolution 5"
            "$halves | Invoke-BFactorSharpening -Mask '$TestDrive/Mask.mrc' | Export-CryoMap '$TestDrive/stopped.mrc.gz'"
            "$halves | Invoke-AutoSharpen -Resolution 5 | Export-CryoMap '$TestDrive/stopped.mrc'"
            "$halves | Invoke-LocScale -Reference '$TestDrive/Truth.mrc' -Mask '$TestDrive/Mask.mrc' | Export-CryoMap '$TestDrive/stopped.mrc'"
            "$halves | New-CryoMask | Export-CryoMap '$TestDrive/stopped.mrc'"
            "New-CryoPhantom -Size 96"
        )
        $random = [random]::new(1)
        $slowest = 0
        $running = 0
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$env:LOCALDEBLUR_MODULE'").Invoke()
        for ($i = 0; $i -lt $_; $i++) {
            $shell.Commands.Clear()
            $null = $shell.AddScript($commands[$i % $commands.Count])
            $work = $shell.BeginInvoke()
            Start-Sleep -Milliseconds $random.Next(1, 900)
            $running += $work.IsCompleted ? 0 : 1
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $slowest = [math]::Max($slowest, $clock.ElapsedMilliseconds)
            Get-ChildItem $TestDrive -Force -Filter '*.tmp' | Should -BeNullOrEmpty
            if (Test-Path "$TestDrive/stopped.mrc*") {
                # It was written before; then it is whole.
                (Get-Item "$TestDrive/stopped.mrc*" | Test-CryoMap).IsValid | Should -Not -Contain $false
                Remove-Item "$TestDrive/stopped*"
            }
        }

        # The session that was interrupted each time.
        $shell.Commands.Clear()
        $null = $shell.AddScript("(Import-CryoMap '$TestDrive/HalfMap1.mrc' | Invoke-BFactorSharpening -BFactor -20 -WarningAction Ignore).Size.X")
        $shell.Invoke() | Should -Be 48
        $shell.Dispose()
        Write-Host "$_ interruptions, $running of them while a cmdlet worked; the slowest took $slowest ms."
        if ($isLong) {
            $slowest | Should -BeLessThan 1000
        }
    }
}

Describe 'Eight runspaces at once' {
    It 'give the results of one' {
        $sums = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:env:LOCALDEBLUR_MODULE
            for ($i = 0; $i -lt ($using:isLong ? 10 : 1); $i++) {
                $made = "$using:TestDrive/HalfMap1.mrc", "$using:TestDrive/HalfMap2.mrc" | Invoke-BFactorSharpening -Mask "$using:TestDrive/Mask.mrc" -WarningAction Ignore
                '{0:R} {1:R}' -f $made.StandardDeviation, $made.Maximum
            }
        }
        @($sums | Sort-Object -Unique).Count | Should -Be 1
        $sums.Count | Should -Be ($isLong ? 80 : 8)
    }
}
