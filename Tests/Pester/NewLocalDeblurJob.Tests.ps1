BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-CryoPhantom -Size 32 -VoxelSize 1.6 -FinestResolution 4
    $phantom.HalfMap1 | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
    $phantom.HalfMap2 | Export-CryoMap "$TestDrive/half2.mrc" -NoHistory
    $phantom.Mask | Export-CryoMap "$TestDrive/shape.mrc" -NoHistory
    $halves = @{ HalfMap1 = "$TestDrive/half1.mrc"; HalfMap2 = "$TestDrive/half2.mrc" }
}

Describe 'New-LocalDeblurJob' {
    It 'writes the standard run with every parameter, relative paths and what the files are' {
        $job = New-LocalDeblurJob "$TestDrive/standard.json" @halves
        $job.Stages.Name | Should -Be 'mask', 'fsc', 'localResolution', 'sharpen', 'guinier', 'pictures'
        $text = Get-Content "$TestDrive/standard.json" -Raw | ConvertFrom-Json
        $text.schema | Should -Be 'localdeblur.job/1'
        $text.inputs.halfMap1.path | Should -Be 'half1.mrc'
        $text.inputs.halfMap1.sha256 | Should -Be (Get-FileHash "$TestDrive/half1.mrc").Hash
        $text.outputs.folder | Should -Be 'standard'
        ($text.stages | Where-Object stage -EQ sharpen).maximumIterations | Should -Be 50
    }

    It 'does not make what is given' {
        (New-LocalDeblurJob "$TestDrive/given.json" @halves -Mask "$TestDrive/shape.mrc").Stages.Name | Should -Not -Contain 'mask'
    }

    It 'takes stages and their parameters' {
        $job = New-LocalDeblurJob "$TestDrive/own.json" @halves -Stage fsc, sharpen -StageParameter @{ Sharpen = @{ k = 0.01; MaximumIterations = 2 } } -TimeLimit 00:10:00
        $job.Stages.Name | Should -Be 'fsc', 'sharpen'
        $job.Stages[1].K | Should -Be 0.01
        $job.Stages[1].MaximumIterations | Should -Be 2
        $job.Document.Resources.Seconds | Should -Be 600
    }

    It 'refuses <Why>' -ForEach @(
        @{ Why = 'a stage that there is not'; Stage = 'wash'; Parameter = @{}; Words = 'expected one of mask' }
        @{ Why = 'parameters of a stage that the job has not'; Stage = 'fsc'; Parameter = @{ sharpen = @{ K = 1 } }; Words = 'the stages are fsc' }
        @{ Why = 'a parameter that the stage has not'; Stage = 'fsc'; Parameter = @{ fsc = @{ Colour = 1 } }; Words = 'no parameter of fsc' }
        @{ Why = 'a value of another kind'; Stage = 'fsc'; Parameter = @{ fsc = @{ Seed = 'one' } }; Words = 'seed' }
    ) {
        New-LocalDeblurJob "$TestDrive/refused.json" @halves -Stage $Stage -StageParameter $Parameter -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'JobInvalid*'
        $problem[0].Exception.Message | Should -BeLike "*$Words*"
        "$TestDrive/refused.json" | Should -Not -Exist
    }

    It 'makes a job of each row of a table, and goes on behind a bad one' {
        @(
            'Name,Half1,Half2,Mask,Resolution'
            "a,$TestDrive/half1.mrc,$TestDrive/half2.mrc,,4.2"
            "b,$TestDrive/none.mrc,$TestDrive/half2.mrc,,"
            "c,$TestDrive/half1.mrc,$TestDrive/half2.mrc,$TestDrive/shape.mrc,"
        ) | Set-Content "$TestDrive/rows.csv"
        $jobs = Import-Csv "$TestDrive/rows.csv" | New-LocalDeblurJob "$TestDrive/rows/" -Stage autoSharpen -ErrorVariable problem -ErrorAction SilentlyContinue
        $jobs.Name | Should -Be 'a', 'c'
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound*'
        $jobs[0].Stages[0].Resolution | Should -Be 4.2
        $jobs[1].Document.Inputs.Keys | Should -Contain 'mask'
        $jobs[0].Document.Inputs['halfMap1'].Path | Should -Be '../half1.mrc'
    }

    It 'warns of a resolution that no stage is told' {
        $null = New-LocalDeblurJob "$TestDrive/warned.json" @halves -Stage fsc -Resolution 4 -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*4 Å, is not used*'
    }

    It 'leaves a job that exists, and writes nothing with -WhatIf' {
        New-LocalDeblurJob "$TestDrive/standard.json" @halves -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MapFileExists*'
        New-LocalDeblurJob "$TestDrive/whatif.json" @halves -WhatIf
        "$TestDrive/whatif.json" | Should -Not -Exist
    }
}

Describe 'A job made of a history' {
    BeforeAll {
        $half1 = Import-CryoMap "$TestDrive/half1.mrc"
        $half2 = Import-CryoMap "$TestDrive/half2.mrc"
        $maps = @{ HalfMap1 = $half1; HalfMap2 = $half2 }
    }

    It 'makes the result of <Name> again' -ForEach @(
        @{ Name = 'LocalDeblur'; Make = { Invoke-LocalDeblur @maps -MaximumIterations 2 -K 0.03 } }
        @{ Name = 'LocalDeblur in a mask'; Make = { Invoke-LocalDeblur @maps -Mask "$TestDrive/shape.mrc" -MaximumIterations 1 } }
        @{ Name = 'LocalDeblur in rounds'; Make = { Invoke-LocalDeblur @maps -Rounds 2 -MaximumIterations 1 } }
        @{ Name = 'LocalWiener'; Make = { Invoke-LocalWiener @maps -TargetBFactor 40 -WindowWidth 4 } }
        @{ Name = 'a B factor'; Make = { Invoke-BFactorSharpening @maps -Mask "$TestDrive/shape.mrc" -Seed 3 -BFactor -60 -ApplyMask } }
        @{ Name = 'AutoSharpen'; Make = { Invoke-AutoSharpen @maps -Resolution 4 } }
        @{ Name = 'a mask'; Make = { New-CryoMask @maps -ExtendVoxels 2 } }
        @{ Name = 'a local resolution'; Make = { Measure-LocalResolution @maps -Step 0.5 } }
    ) {
        $result = & $Make
        $job = $result | New-LocalDeblurJob "$TestDrive/again.json" -Force
        $summary = $job | Start-LocalDeblurJob -Force
        $summary.State | Should -Be Finished
        $file = $job.Stages[-1].Output
        Compare-CryoMap (Join-Path $summary.OutputFolder $file) -Reference $result | ForEach-Object MaximumDifference | Should -Be 0
    }

    It 'reads the history beside a file' {
        Invoke-LocalDeblur @maps -MaximumIterations 1 | Export-CryoMap "$TestDrive/sharp.mrc"
        (New-LocalDeblurJob "$TestDrive/file.json" -History "$TestDrive/sharp.history.json").Stages[0].MaximumIterations | Should -Be 1
    }

    It 'refuses what was in memory alone' {
        $resolution = Measure-LocalResolution @maps
        $result = Invoke-LocalDeblur $half1 $resolution -MaximumIterations 1
        $result | New-LocalDeblurJob "$TestDrive/memory.json" -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'HistoryIncomplete*'
    }
}
