BeforeAll {
    . $PSScriptRoot/Common.ps1
    $path = $env:PATH
    New-TestMap | Export-CryoMap "$TestDrive/half.mrc" -NoHistory
    function New-Job { param([string] $Name) New-LocalDeblurJob "$TestDrive/$Name.json" -Map "$TestDrive/half.mrc" -Stage mask -Force }
}

AfterAll { $env:PATH = $path }

Describe 'Get-LocalDeblurJob' {
    It 'knows jobs that nobody submitted by their states, and passes the states over' {
        $null = New-Job 'local/waits'
        New-LocalDeblurJob "$TestDrive/local/fails.json" -Map "$TestDrive/half.mrc" -Stage mask -StageParameter @{ mask = @{ Threshold = 1e9 } } |
            Start-LocalDeblurJob -ErrorAction SilentlyContinue | Out-Null
        Set-Content "$TestDrive/local/none.json" '{}'
        $status = Get-ChildItem "$TestDrive/local/*.json" | Get-LocalDeblurJob
        $status.Job | Should -Be 'fails', 'none', 'waits'
        $status.State | Should -Be 'Failed', 'Failed', 'Queued'
        $status[0].ErrorId | Should -Be 'MaskEmpty'
        $status[0].ExitCode | Should -Be 3
        $status[1].ErrorId | Should -Be 'JobInvalid'
        $status | Where-Object State -EQ Queued | Get-LocalDeblurJob | ForEach-Object Job | Should -Be 'waits'
    }

    It 'tells what waits and what never starts, in a sentence' -Skip:$IsWindows {
        $null = New-FakeSlurm "$TestDrive/bin" -Queue '4711_1|PENDING|Resources\n4711_2|PENDING|PartitionTimeLimit\n4711_3|RUNNING|None\n'
        1..3 | ForEach-Object { New-Job "night/job$_" } | Submit-LocalDeblurJob | Out-Null
        $status = Get-LocalDeblurJob "$TestDrive/night/*.json"
        $status.State | Should -Be 'Pending', 'Stuck', 'Running'
        $status[0].Reason | Should -Be 'It waits for a free node.'
        $status[1].Reason | Should -BeLike 'It asks for more time than the partition allows*'
        $status[2].LogPath | Should -BeLike '*localdeblur-4711_3.log'
        $status | Format-Table | Out-String | Should -BeLike '*4711_2*'
    }

    It 'completes jobs, not what lies beside them, as <Line> does' -ForEach @(
        @{ Line = 'Get-LocalDeblurJob' }, @{ Line = 'Start-LocalDeblurJob' }, @{ Line = 'New-LocalDeblurJob' }, @{ Line = 'Watch-CryoFolder . -JobTemplate' }
    ) {
        $folder = (New-Item -ItemType Directory -Force "$TestDrive/completion").FullName
        foreach ($name in 'map1.json', 'map1.state.json', 'map1.history.json', 'map1.mrc') {
            Set-Content "$folder/$name" '{}'
        }

        $typed = "$Line $folder/map"
        (TabExpansion2 $typed $typed.Length).CompletionMatches.ListItemText | Should -Be 'map1.json'
    }
}
