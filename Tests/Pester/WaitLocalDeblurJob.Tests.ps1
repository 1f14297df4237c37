BeforeAll {
    . $PSScriptRoot/Common.ps1
    $path = $env:PATH
    New-TestMap | Export-CryoMap "$TestDrive/half.mrc" -NoHistory
    function New-Job { param([string] $Name) New-LocalDeblurJob "$TestDrive/$Name.json" -Map "$TestDrive/half.mrc" -Stage mask -Force }
}

AfterAll { $env:PATH = $path }

Describe 'Wait-LocalDeblurJob' {
    It 'returns at once where nothing more will come' {
        New-Job 'never' | Wait-LocalDeblurJob | ForEach-Object State | Should -Be Queued
    }

    It 'waits for a job that a thread runs' {
        $phantom = New-CryoPhantom -Size 32
        $phantom.HalfMap1 | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
        $phantom.HalfMap2 | Export-CryoMap "$TestDrive/half2.mrc" -NoHistory
        $job = New-LocalDeblurJob "$TestDrive/thread.json" -HalfMap1 "$TestDrive/half1.mrc" -HalfMap2 "$TestDrive/half2.mrc"
        $thread = $job | Start-LocalDeblurJob -AsJob
        while (($job | Get-LocalDeblurJob).State -eq 'Queued') { Start-Sleep -Milliseconds 50 }
        $job | Wait-LocalDeblurJob -Timeout 120 | ForEach-Object State | Should -Be Finished
        $thread | Receive-Job -Wait -AutoRemoveJob | Out-Null
    }

    It 'writes JobWaitTimeout when the time is over, and says where the jobs are' -Skip:$IsWindows {
        $null = New-FakeSlurm "$TestDrive/bin" -Queue '4711_1|RUNNING|None\n4711_2|PENDING|DependencyNeverSatisfied\n'
        1..2 | ForEach-Object { New-Job "night/job$_" } | Submit-LocalDeblurJob | Out-Null
        $status = Wait-LocalDeblurJob "$TestDrive/night/*.json" -Timeout 1.5 -ErrorVariable problem -ErrorAction SilentlyContinue
        $status.State | Should -Be 'Running', 'Stuck'
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'JobWaitTimeout*'
        $problem[0].Exception.Message | Should -BeLike '1 of 2 jobs had not ended after 1.5 s*'
    }
}
