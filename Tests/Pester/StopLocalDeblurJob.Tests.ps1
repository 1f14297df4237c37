BeforeAll {
    . $PSScriptRoot/Common.ps1
    $path = $env:PATH
    New-TestMap | Export-CryoMap "$TestDrive/half.mrc" -NoHistory
    function New-Job { param([string] $Name) New-LocalDeblurJob "$TestDrive/$Name.json" -Map "$TestDrive/half.mrc" -Stage mask -Force }
}

AfterAll { $env:PATH = $path }

Describe 'Stop-LocalDeblurJob' -Skip:$IsWindows {
    BeforeAll {
        $slurm = New-FakeSlurm "$TestDrive/bin" -Queue '4711_1|RUNNING|None\n4711_2|PENDING|Priority\n4711_3|COMPLETED|None\n'
        1..3 | ForEach-Object { New-Job "night/job$_" } | Submit-LocalDeblurJob | Out-Null
    }

    It 'cancels nothing with -WhatIf' {
        Stop-LocalDeblurJob "$TestDrive/night/*.json" -WhatIf | Should -BeNullOrEmpty
        "$slurm/scancel.asked" | Should -Not -Exist
    }

    It 'cancels what waits or runs, and remembers it when Slurm has forgotten' {
        $null = Stop-LocalDeblurJob "$TestDrive/night/*.json"
        Get-Content "$slurm/scancel.asked" | Should -Be '4711_1 4711_2'
        $null = New-FakeSlurm $slurm -Queue '\n'
        $status = Get-LocalDeblurJob "$TestDrive/night/*.json"
        $status.State | Should -Be 'Stopped', 'Stopped', 'Unknown'
        $status[0].Reason | Should -BeLike 'It was cancelled.*'
    }

    It 'writes JobNotSubmitted for a job that a process runs by itself' {
        $job = New-Job 'local'
        @{ schema = 'localdeblur.state/1'; job = 'local.json'; phase = 'Running'; host = 'here'; process = 1; since = '2026-01-01T00:00:00Z' } |
            ConvertTo-Json | Set-Content "$TestDrive/local.state.json"
        Set-Content "$TestDrive/.local.lock" ''
        $job | Stop-LocalDeblurJob -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'JobNotSubmitted*'
    }
}
