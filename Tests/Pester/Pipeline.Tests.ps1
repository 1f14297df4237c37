BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Two pipelines at once' {
    It 'give the result of one' {
        $results = 1..2 | ForEach-Object -Parallel {
            Import-Module $using:env:LOCALDEBLUR_MODULE
            Import-CryoMap "$using:Lobes/map.mrc.gz" | Invoke-LocalDeblur -LocalResolution "$using:Lobes/locres.mrc.gz"
        }
        @($results).Count | Should -Be 2
        foreach ($result in $results) {
            ($result | Compare-CryoMap -Reference "$Lobes/localdeblur_default.mrc.gz").RelativeRmsDifference | Should -BeLessThan 1e-5
        }
    }
}

Describe 'Fifty maps in one pipeline' {
    It 'need no more memory at the end than in the middle' {
        # In a process of its own, whose memory is not that of the tests before. Each map is 3.5 MB and each result as much:
        # a pipeline that kept them would take 175 MB more in its second half.
        $output = Invoke-Child @"
. '$PSScriptRoot/Common.ps1'
New-TestMap -Size 96 | Export-CryoMap '$TestDrive/big.mrc' -NoHistory
`$resolution = New-SlabMap -Size 96 -Inside 5
`$size = [long[]]::new(50)
`$i = 0
@('$TestDrive/big.mrc') * 50 | Import-CryoMap | Invoke-LocalDeblur -LocalResolution `$resolution -MaximumIterations 1 -WarningAction Ignore | ForEach-Object {
    `$null = `$_.Mean
    `$size[`$i++] = [System.Diagnostics.Process]::GetCurrentProcess().WorkingSet64
}
'{0} {1} {2}' -f `$i, (`$size[15..24] | Measure-Object -Maximum).Maximum, (`$size[40..49] | Measure-Object -Maximum).Maximum
"@
        $count, $middle, $end = -split @($output)[-1]
        $count | Should -Be 50 -Because ($output -join "`n")
        [long] $end - [long] $middle | Should -BeLessThan 80MB
    }
}

Describe 'Ctrl+C' {
    BeforeAll {
        # Stops a pipeline as the console does, once it tells of an activity. A stopped one has not run to its end; how long that takes is for a person to see.
        function Stop-Pipeline {
            param([string] $Script, [string] $Activity)

            $shell = [powershell]::Create().AddScript("Import-Module '$env:LOCALDEBLUR_MODULE'; $Script")
            $started = [Threading.ManualResetEventSlim]::new()
            $shell.Runspace.SessionStateProxy.SetVariable('started', $started)
            $shell.Runspace.SessionStateProxy.SetVariable('big', $big)
            $shell.Runspace.SessionStateProxy.SetVariable('slab', $slab)
            $work = $shell.BeginInvoke()
            $started.Wait(120000) | Should -BeTrue
            do {
                Start-Sleep -Milliseconds 300
            } while ($Activity -and -not $work.IsCompleted -and $shell.Streams.Progress.Activity -notcontains $Activity)

            $isRunning = -not $work.IsCompleted
            $shell.Stop()
            [pscustomobject]@{ WasRunning = $isRunning; State = $shell.InvocationStateInfo.State; Errors = $shell.Streams.Error; Progress = $shell.Streams.Progress }
        }

        # bzip2 takes its time over these.
        $big = New-TestMap -Size 192
        $slab = New-SlabMap -Size 192 -Inside 6
    }

    It 'ends Invoke-LocalDeblur' {
        $stop = Stop-Pipeline '$started.Set(); Invoke-LocalDeblur $big $slab -Formulation Paper -WarningAction Ignore' 'Sharpening test.mrc'
        $stop.WasRunning | Should -BeTrue
        $stop.State | Should -Be 'Stopped'
        $stop.Errors | Should -BeNullOrEmpty
        $stop.Progress[-1].Activity | Should -Be 'Sharpening test.mrc'
        $stop.Progress[-1].StatusDescription | Should -Not -BeNullOrEmpty
    }

    It 'ends Measure-LocalResolution' {
        $stop = Stop-Pipeline '$mask = New-CryoMask $big -Threshold 0 -LowPassResolution 0 -MinimumComponentVoxels 1 -ExtendVoxels 0 -SoftEdgeVoxels 0 -WarningAction Ignore
            $started.Set(); Measure-LocalResolution $big -Mask $mask' 'Local resolution of test.mrc'
        $stop.WasRunning | Should -BeTrue
        $stop.State | Should -Be 'Stopped'
        $stop.Errors | Should -BeNullOrEmpty
        $stop.Progress[-1].Activity | Should -Be 'Local resolution of test.mrc'
    }

    It 'ends Invoke-LocalDeblur without -LocalResolution' {
        $stop = Stop-Pipeline '$started.Set(); $big | Invoke-LocalDeblur -Mask $slab'
        $stop.WasRunning | Should -BeTrue
        $stop.State | Should -Be 'Stopped'
        $stop.Errors | Should -BeNullOrEmpty
    }

    It 'ends Invoke-LocScale' {
        $stop = Stop-Pipeline '$mask = New-CryoMask $big -Threshold -1 -LowPassResolution 0 -MinimumComponentVoxels 1 -ExtendVoxels 0 -SoftEdgeVoxels 0 -WarningAction Ignore
            $started.Set(); Invoke-LocScale $big -Reference $big -Mask $mask -WarningAction Ignore' 'Scaling test.mrc'
        $stop.WasRunning | Should -BeTrue
        $stop.State | Should -Be 'Stopped'
        $stop.Errors | Should -BeNullOrEmpty
        $stop.Progress[-1].Activity | Should -Be 'Scaling test.mrc'
    }

    It 'ends Export-CryoMap and leaves no file' {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive stopped)).FullName
        $stop = Stop-Pipeline "`$null = `$big.Mean; `$started.Set(); Export-CryoMap '$folder/big.mrc.bz2' -Map `$big"
        $stop.WasRunning | Should -BeTrue
        $stop.State | Should -Be 'Stopped'
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }
}

Describe 'The progress of a cmdlet' {
    It 'has a number that no script has, its own for each cmdlet that runs' {
        $shell = [powershell]::Create().AddScript(@"
Import-Module '$env:LOCALDEBLUR_MODULE'
Write-Progress -Id 0 -Activity Mine
Write-Progress -Id 1 -ParentId 0 -Activity 'One of mine'
Export-CryoMap '$TestDrive/one.mrc.bz2' -Map `$big -NoHistory
Export-CryoMap '$TestDrive/two.mrc.bz2' -Map `$big -NoHistory
"@)
        # bzip2 takes its time over this map.
        $shell.Runspace.SessionStateProxy.SetVariable('big', (New-TestMap -Size 128))
        $shell.Invoke()
        $shell.Streams.Error | Should -BeNullOrEmpty
        $groups = $shell.Streams.Progress | Where-Object Activity -Like 'Writing *' | Group-Object ActivityId
        $groups.Count | Should -Be 2
        foreach ($group in $groups) {
            @($group.Group.Activity | Sort-Object -Unique).Count | Should -Be 1
            $group.Group[0].ActivityId | Should -BeGreaterThan 1000000
            $group.Group[-1].RecordType | Should -Be 'Completed'
        }
    }
}

Describe 'A script that is sent <Signal>' -Skip:$IsWindows -ForEach @{ Signal = 'INT' }, @{ Signal = 'TERM' }, @{ Signal = 'HUP' } {
    BeforeAll {
        if (-not ('LocalDeblur.Tests.ListeningChild' -as [type])) {
            Add-Type -Path (Join-Path $PSScriptRoot ../ListeningChild.cs)
        }
    }

    It 'ends and leaves no file' {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive "sent-$Signal")).FullName
        $script = Join-Path $TestDrive "sent-$Signal.ps1"
        # bzip2 takes its time over this map.
        Set-Content $script @"
. '$PSScriptRoot/Common.ps1'
Export-CryoMap '$folder/big.mrc.bz2' -Map (New-TestMap -Size 192)
'written'
"@
        $program, $arguments = Get-PowerShellCommand '-NoProfile', '-File', $script
        $start = [Diagnostics.ProcessStartInfo]::new($program, [string[]] $arguments)
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $child = [LocalDeblur.Tests.ListeningChild]::Start($start)
        try {
            # An empty file may be the one by which the folder is tried.
            while (-not $child.HasExited -and -not (Get-ChildItem $folder -Force | Where-Object Length)) {
                Start-Sleep -Milliseconds 10
            }

            $words = $child.HasExited ? $child.StandardError.ReadToEnd() : ''
            $child.HasExited | Should -BeFalse -Because "the signal is to come while the file is written; it ended by itself: $words"
            sh -c "kill -$Signal $($child.Id)"
            $child.WaitForExit(60000) | Should -BeTrue
            $child.StandardOutput.ReadToEnd() | Should -Not -Match 'written'
        }
        finally {
            $child.Kill()
        }

        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }
}
