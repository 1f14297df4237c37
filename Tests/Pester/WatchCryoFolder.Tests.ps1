BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-CryoPhantom -Size 32 -VoxelSize 1.6 -FinestResolution 4
    New-Item -ItemType Directory "$TestDrive/in", "$TestDrive/in/below" -Force
    $phantom.HalfMap1 | Export-CryoMap "$TestDrive/in/run_half1_class001_unfil.mrc" -NoHistory
    $phantom.HalfMap2 | Export-CryoMap "$TestDrive/in/run_half2_class001_unfil.mrc" -NoHistory
    $halves = @{ HalfMap1 = "$TestDrive/in/run_half1_class001_unfil.mrc"; HalfMap2 = "$TestDrive/in/run_half2_class001_unfil.mrc" }
    $null = New-LocalDeblurJob "$TestDrive/example.json" @halves -Stage mask
    $quick = @{ Once = $true; Interval = '0:0:1'; StillPolls = 1; JobTemplate = "$TestDrive/example.json" }
}

Describe 'Watch-CryoFolder' {
    It 'runs a job on half maps that are whole, once' {
        $summary = Watch-CryoFolder "$TestDrive/in" @quick -WarningVariable warnings
        $summary.Job | Should -Be run_class001_unfil
        $summary.State | Should -Be Finished
        "$TestDrive/in/localdeblur/run_class001_unfil/mask.mrc" | Should -Exist
        $warnings -like '*Waited*' | Should -BeNullOrEmpty
        Watch-CryoFolder "$TestDrive/in" @quick | Should -BeNullOrEmpty
    }

    It 'waits for a file that is not whole, and warns of one that stays so' {
        $bytes = [IO.File]::ReadAllBytes($halves.HalfMap2)
        Copy-Item $halves.HalfMap1 "$TestDrive/in/below/a_odd.mrc"
        [IO.File]::WriteAllBytes("$TestDrive/in/below/a_even.mrc", $bytes[0..4999])
        $own = @{ Pattern = '*_{odd,even}.mrc'; Recurse = $true; JobDirectory = "$TestDrive/jobs" }
        Watch-CryoFolder "$TestDrive/in" @quick @own -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warnings | Should -BeLike '*a_even.mrc*truncated*'
        [IO.File]::WriteAllBytes("$TestDrive/in/below/a_even.mrc", $bytes)
        (Watch-CryoFolder "$TestDrive/in" @quick @own).Job | Should -Be below_a
        "$TestDrive/jobs/below_a.state.json" | Should -Exist
    }

    It 'goes on until it is stopped, and lets go of the folder' {
        Copy-Item $halves.HalfMap1 "$TestDrive/in/b_half1.mrc"
        $job = Start-ThreadJob {
            Import-Module $using:env:LOCALDEBLUR_MODULE
            Watch-CryoFolder "$using:TestDrive/in" -Interval 0:0:1 -StillPolls 1 -JobTemplate "$using:TestDrive/example.json"
        }
        while (-not (Test-Path "$TestDrive/in/localdeblur/.watch.lock") -and $job.State -in 'NotStarted', 'Running') { Start-Sleep -Milliseconds 100 }
        { Watch-CryoFolder "$TestDrive/in" @quick } | Should -Throw -ErrorId 'JobRunning*'
        Copy-Item $halves.HalfMap2 "$TestDrive/in/b_half2.mrc"
        while (-not ($summary = Receive-Job $job) -and $job.State -in 'NotStarted', 'Running') { Start-Sleep -Milliseconds 100 }
        $summary.Job | Should -Be b
        $job.State | Should -Be Running
        Stop-Job $job
        "$TestDrive/in/localdeblur/.watch.lock" | Should -Not -Exist
        Remove-Job $job
    }

    It 'refuses <Name> by its id' -ForEach @(
        @{ Name = 'a folder that there is not'; Arguments = @{ Path = 'TestDrive:/none' }; Id = 'MapFileNotFound*' }
        @{ Name = 'a pattern without two words'; Arguments = @{ Path = 'TestDrive:/in'; Pattern = '*.mrc' }; Id = 'ParameterOutOfRange*' }
        @{ Name = 'no time between two looks'; Arguments = @{ Path = 'TestDrive:/in'; Interval = '0:0:0' }; Id = 'ParameterOutOfRange*' }
        @{ Name = 'submitting with a throttle'; Arguments = @{ Path = 'TestDrive:/in'; Submit = $true; ThrottleLimit = 2 }; Id = 'AmbiguousParameterSet*' }
    ) {
        { Watch-CryoFolder @Arguments -Once } | Should -Throw -ErrorId $Id
    }
}
