BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-CryoPhantom -Size 32 -VoxelSize 1.6 -FinestResolution 4
    $phantom.HalfMap1 | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
    $phantom.HalfMap2 | Export-CryoMap "$TestDrive/half2.mrc" -NoHistory
    $quick = @{ HalfMap1 = "$TestDrive/half1.mrc"; HalfMap2 = "$TestDrive/half2.mrc"; Stage = 'mask', 'sharpen'; StageParameter = @{ sharpen = @{ MaximumIterations = 1 } } }
}

Describe 'Start-LocalDeblurJob' {
    It 'runs a job from the pipeline, and makes what the cmdlet makes' {
        $summary = New-LocalDeblurJob "$TestDrive/one.json" @quick | Start-LocalDeblurJob -LogPath "$TestDrive/one.log"
        $summary.State | Should -Be Finished
        $summary.ExitCode | Should -Be 0
        $expected = Invoke-LocalDeblur -HalfMap1 "$TestDrive/half1.mrc" -HalfMap2 "$TestDrive/half2.mrc" -MaximumIterations 1
        Compare-CryoMap "$TestDrive/one/sharpened.mrc" -Reference $expected | ForEach-Object MaximumDifference | Should -Be 0
        $lines = Get-Content "$TestDrive/one.log" | ConvertFrom-Json
        ($lines | Where-Object { $_.event -eq 'end' -and $_.stage }).stage | Should -Be 'mask', 'sharpen'
        $lines[0].time | Should -Not -BeNullOrEmpty
    }

    It 'runs several at once, passes over states, and tells which failed' {
        1..3 | ForEach-Object { $null = New-LocalDeblurJob "$TestDrive/many/job$_.json" @quick }
        $text = Get-Content "$TestDrive/many/job2.json" -Raw
        Set-Content "$TestDrive/many/job2.json" ($text -replace '"sharpened.mrc"', '"sharpened.mrc", "colour": 1')
        $several = @{ ThrottleLimit = 2; SummaryPath = "$TestDrive/summary.csv"; ErrorVariable = 'problem'; ErrorAction = 'SilentlyContinue' }
        $first = Get-ChildItem "$TestDrive/many/*.json" | Start-LocalDeblurJob @several
        $first.State | Should -Be Finished, Failed, Finished
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'JobInvalid*'
        $problem[0].Exception.Message | Should -BeLike '*$.stages[[]1].colour*'
        (Import-Csv "$TestDrive/summary.csv").exitCode | Should -Be 0, 2, 0

        Set-Content "$TestDrive/many/job2.json" $text
        $second = Get-ChildItem "$TestDrive/many/*.json" | Start-LocalDeblurJob -Resume
        $second.State | Should -Be Finished, Finished, Finished
    }

    It 'refuses results that exist, and says what to type' {
        Start-LocalDeblurJob "$TestDrive/one.json" -ErrorVariable problem -ErrorAction SilentlyContinue | ForEach-Object ErrorId | Should -Be MapFileExists
        $problem[0].Exception.Message | Should -BeLike '*-Resume*'
    }

    It 'runs in a thread of its own' {
        $null = New-LocalDeblurJob "$TestDrive/thread.json" @quick
        $job = Start-LocalDeblurJob "$TestDrive/thread.json" -AsJob
        $job | Receive-Job -Wait -AutoRemoveJob | ForEach-Object State | Should -Be Finished
    }
}

Describe '-LogPath' {
    It 'has begin, end and errors of a cmdlet that takes its time' {
        New-CryoMask -HalfMap1 "$TestDrive/half1.mrc" -HalfMap2 "$TestDrive/half2.mrc" -LogPath "$TestDrive/mask.log" | Should -Not -BeNullOrEmpty
        New-CryoMask -HalfMap1 "$TestDrive/half1.mrc" -HalfMap2 "$TestDrive/none.mrc" -LogPath "$TestDrive/mask.log" -ErrorAction SilentlyContinue
        $lines = Get-Content "$TestDrive/mask.log" | ConvertFrom-Json
        $lines[0].event | Should -Be begin
        ($lines | Where-Object event -EQ end).figures.seconds | Should -BeGreaterThan 0
        ($lines | Where-Object event -EQ error).errorId | Should -Be MapFileNotFound
    }

    It 'refuses a file in a folder that there is not' {
        { New-CryoMask "$TestDrive/half1.mrc" -LogPath "$TestDrive/none/mask.log" } | Should -Throw -ErrorId 'MapFileInaccessible*'
    }
}
