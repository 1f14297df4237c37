BeforeAll {
    . $PSScriptRoot/Common.ps1
    $map = Import-CryoMap "$Lobes/map.mrc.gz"
    $resolution = Import-CryoMap "$Lobes/locres.mrc.gz"
    $mask = Import-CryoMap "$Lobes/mask.mrc.gz"
}

Describe 'Invoke-LocalDeblur' {
    It 'equals the published program (Xmipp volume_local_sharpening, commit 3ce80f0b)' {
        $sharp = Invoke-LocalDeblur $map $resolution
        $figures = $sharp.History[-1].Figures

        # The program writes six decimals.
        [math]::Round($figures.StepSize, 6) | Should -BeIn 4.063894, 4.063895
        $figures.Iterations | Should -Be 7
        $figures.Converged | Should -BeTrue
        $figures.Bands | Should -Be 20
        $figures.Rank | Should -Be 5
        $figures.Norms.Count | Should -Be 7
        $figures.Seconds | Should -BeGreaterThan 0
        $figures.PeakBytes | Should -BeGreaterThan 1MB

        # Its output is float32, rounded by 3e-8 of a value; the goal set for this project is 1e-5.
        ($sharp | Compare-CryoMap -Reference "$Lobes/localdeblur_default.mrc.gz").RelativeRmsDifference | Should -BeLessThan 1e-5
    }

    It 'returns one map, with its history and place' {
        $sharp = Invoke-LocalDeblur $map $resolution -MaximumIterations 1
        $sharp | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        @($sharp).Count | Should -Be 1
        $sharp.History.Step | Should -Be 'Import', 'LocalDeblur'
        "$($sharp.Size)" | Should -Be '64 × 64 × 64'
        ($sharp | Out-String) | Should -Match 'Import → LocalDeblur'
        ($sharp.History[-1] | Out-String) | Should -Match 'StepSize = 4\.06389'
    }

    It 'takes paths and files for every map, and runs from file to file' {
        $sharp = Invoke-LocalDeblur "$Lobes/map.mrc.gz" "$Lobes/locres.mrc.gz" -Mask (Get-Item "$Lobes/mask.mrc.gz") -MaximumIterations 1
        $sharp.Name | Should -Be 'map.mrc.gz'
        Import-CryoMap "$Lobes/map.mrc.gz" | Invoke-LocalDeblur -LocalResolution (Get-Item "$Lobes/locres.mrc.gz") -MaximumIterations 1 |
            Export-CryoMap "$TestDrive/sharp.mrc"
        Test-CryoMap "$TestDrive/sharp.mrc" | Should -BeTrue
        (Import-CryoMap "$TestDrive/sharp.mrc" | Compare-CryoMap -Reference $sharp).RelativeRmsDifference | Should -Be 0
        "$TestDrive/sharp.history.json" | Should -Exist
    }

    It 'follows the current location' {
        Push-Location $Lobes
        try { (Invoke-LocalDeblur map.mrc.gz ./locres.mrc.gz -MaximumIterations 1).Name | Should -Be 'map.mrc.gz' }
        finally { Pop-Location }
    }

    It 'makes every map a job of its own, and goes on after one that fails' {
        $results = $map, (New-TestMap -Size 32 -Name other.mrc), $map |
            Invoke-LocalDeblur -LocalResolution $resolution -MaximumIterations 1 -ErrorVariable failure -ErrorAction SilentlyContinue
        @($results).Count | Should -Be 2
        @($failure).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapSizeMismatch,*'
        $failure.TargetObject | Should -BeOfType string
    }

    It 'says what two half maps on end are, of which the second is taken for a resolution' {
        $half = Join-Path $TestDrive half2.mrc
        $map | Export-CryoMap $half -NoHistory
        $failure = { Invoke-LocalDeblur $map $half -ErrorAction Stop } | Should -Throw -ErrorId 'ResolutionRangeInvalid,*' -PassThru
        $failure.Exception.Message | Should -Match 'name both \(-HalfMap1, -HalfMap2\)'
    }

    It 'writes MapFileNotFound for a map that does not exist, and goes on' {
        $results = "$TestDrive/none.mrc", $map |
            Invoke-LocalDeblur -LocalResolution $resolution -MaximumIterations 1 -ErrorVariable failure -ErrorAction SilentlyContinue
        @($results).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound,*'
    }

    It 'reads -LocalResolution once for all maps' {
        $copy = Join-Path $TestDrive once.mrc
        $resolution | Export-CryoMap $copy -NoHistory
        $results = $map, $map |
            Invoke-LocalDeblur -LocalResolution $copy -MaximumIterations 1 -WarningAction Ignore |
            ForEach-Object { $_; Remove-Item $copy -ErrorAction Ignore }
        @($results).Count | Should -Be 2
    }

    It 'gives the same result for any number of threads' {
        $one = Invoke-LocalDeblur $map $resolution -Threads 1 -MaximumIterations 3
        $two = Invoke-LocalDeblur $map $resolution -Threads 2 -MaximumIterations 3
        ($one | Compare-CryoMap -Reference $two).MaximumDifference | Should -Be 0
    }

    It 'uses a filter bank made beforehand' {
        $bank = New-FilterBank $map $resolution
        $with = Invoke-LocalDeblur $map $resolution -FilterBank $bank -MaximumIterations 2
        $without = Invoke-LocalDeblur $map $resolution -MaximumIterations 2
        ($with | Compare-CryoMap -Reference $without).MaximumDifference | Should -Be 0
    }

    It 'refuses -FilterBank together with -<_>' -ForEach 'K', 'RankTolerance' {
        $parameters = @{ $_ = 0.01 }
        $bank = New-FilterBank -VoxelSize 1.06 -Size 64 -CoarsestResolution 8
        { Invoke-LocalDeblur $map $resolution -FilterBank $bank @parameters } | Should -Throw -ErrorId 'FilterBankConflict,*'
    }

    It 'writes FilterBankMismatch for the bank of another map' {
        $bank = New-FilterBank -VoxelSize 2 -Size 64 -CoarsestResolution 8
        { Invoke-LocalDeblur $map $resolution -FilterBank $bank -ErrorAction Stop } | Should -Throw -ErrorId 'FilterBankMismatch,*'
    }

    It 'computes the printed equations with -Formulation Paper' {
        $sharp = Invoke-LocalDeblur $map $resolution -Formulation Paper -MaximumIterations 2 -WarningAction SilentlyContinue
        $sharp.History[-1].Parameters.Formulation | Should -Be 'Paper'
    }

    It 'says its decisions with -Verbose' {
        $verbose = Invoke-LocalDeblur $map $resolution -MaximumIterations 1 -Verbose 4>&1 3>$null | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $verbose -join "`n" | Should -Match 'voxels are inside'
    }

    It 'writes InsufficientMemory above -MemoryLimit' {
        { Invoke-LocalDeblur $map $resolution -MemoryLimit 1MB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*'
        { Invoke-LocalDeblur $map $resolution -MemoryLimit 2GB -MaximumIterations 1 -ErrorAction Stop } | Should -Not -Throw
    }

    It 'writes MaskEmpty for a mask of zeros' {
        { Invoke-LocalDeblur $map $resolution -Mask (New-SlabMap -Size 64 -VoxelSize 1.06 -Inside 0) -ErrorAction Stop } | Should -Throw -ErrorId 'MaskEmpty,*'
    }

    It 'ends the call when -LocalResolution cannot be opened' {
        { $map | Invoke-LocalDeblur -LocalResolution "$TestDrive/none.mrc" -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }

    It 'refuses <Name> <Value>' -ForEach @(
        @{ Name = 'K'; Value = 0 }
        @{ Name = 'K'; Value = 2 }
        @{ Name = 'StepSize'; Value = -1 }
        @{ Name = 'MaximumIterations'; Value = 0 }
        @{ Name = 'RankTolerance'; Value = 1 }
        @{ Name = 'Threads'; Value = -1 }
        @{ Name = 'MemoryLimit'; Value = 0 }
    ) {
        $parameters = @{ $Name = $Value }
        { Invoke-LocalDeblur $map $resolution @parameters } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'stops quietly for Select-Object -First' {
        $first = $map, $map, $map | Invoke-LocalDeblur -LocalResolution $resolution -MaximumIterations 1 -ErrorVariable failure -WarningAction Ignore | Select-Object -First 1
        @($first).Count | Should -Be 1
        $failure | Should -BeNullOrEmpty
    }

    It 'refuses a resolution map whose header lies, and sharpens by it once -VoxelSize tells the truth' {
        $lying = Join-Path $TestDrive lying.mrc
        Import-CryoMap "$Lobes/locres.mrc.gz" -VoxelSize 1 | Export-CryoMap $lying

        { Invoke-LocalDeblur $map $lying -ErrorAction Stop } | Should -Throw -ErrorId 'VoxelSizeMismatch,*'
        $figures = (Invoke-LocalDeblur $map (Import-CryoMap $lying -VoxelSize 1.06)).History[-1].Figures
        [math]::Round($figures.StepSize, 5) | Should -Be 4.06389
        $figures.Iterations | Should -Be 7
        $figures.Bands | Should -Be 20
    }
}
