BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-Phantom
    $half1 = $phantom.DrawHalfMap(1)
    $half2 = $phantom.DrawHalfMap(2)
    $mask = $phantom.DrawMask()
}

Describe 'Measure-LocalResolution' {
    It 'takes two half maps, piped, listed or named, alike' {
        $piped = $half1, $half2 | Measure-LocalResolution -Mask $mask
        @($piped).Count | Should -Be 1
        $piped | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        $named = Measure-LocalResolution -HalfMap1 $half1 -HalfMap2 $half2 -Mask $mask
        ($piped | Compare-CryoMap -Reference $named).MaximumDifference | Should -Be 0
        (Measure-LocalResolution $half1, $half2 -Mask $mask | Compare-CryoMap -Reference $named).MaximumDifference | Should -Be 0
        $named.Minimum | Should -Be 0
        $figures = $named.History[-1].Figures
        $figures.Median | Should -BeGreaterThan 2.12
        $figures.Maximum | Should -BeLessThan 13
        $named.History[-1].Parameters.NoiseFrom | Should -Be 'Halves'
    }

    It 'takes one map, with the noise from outside the mask' {
        $one = Measure-LocalResolution $half1 -Mask $mask
        $one.History[-1].Parameters.NoiseFrom | Should -Be 'OutsideMask'
    }

    It 'makes a mask where none is given, and says so' {
        $verbose = $half1, $half2 | Measure-LocalResolution -OutVariable resolution -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $resolution.History.Step | Select-Object -Last 2 | Should -Be 'Mask', 'MonoRes'
        $verbose -join "`n" | Should -Match 'The threshold is'
        $verbose -join "`n" | Should -Match 'The mask is at least 0\.5'
        $verbose -join "`n" | Should -Match 'The scan begins at'
    }

    It 'follows every parameter of MonoRes' {
        $nothing = New-SlabMap -Size 48 -VoxelSize 1.06 -Inside 0 -Outside 0
        $map = Measure-LocalResolution $half1, $half2 -Mask $mask -CoarsestResolution 10 -Step 0.5 -Significance 0.9 -NoiseFrom OutsideMask -GaussianNoise `
            -ExclusionMask $nothing -Threads 1 -MemoryLimit 1GB
        $step = $map.History[-1]
        $step.Parameters.CoarsestResolution | Should -Be 10
        $step.Parameters.Step | Should -Be 0.5
        $step.Parameters.Significance | Should -Be 0.9
        $step.Parameters.NoiseFrom | Should -Be 'OutsideMask'
        $step.Parameters.GaussianNoise | Should -BeTrue
        $step.Parameters.ExclusionMask | Should -Be 'slab.mrc'
    }

    It 'returns the filled map alone with -Filled, the same as that of -All' {
        $filled = Measure-LocalResolution -HalfMap1 $half1 -HalfMap2 $half2 -Mask $mask -Filled
        @($filled).Count | Should -Be 1
        $filled | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        $filled.Minimum | Should -BeGreaterThan 0
        $all = Measure-LocalResolution -HalfMap1 $half1 -HalfMap2 $half2 -Mask $mask -All
        ($filled | Compare-CryoMap -Reference $all.Filled).MaximumDifference | Should -Be 0
        { Measure-LocalResolution $half1, $half2 -Filled -All -ErrorAction Stop } | Should -Throw -ErrorId 'MethodConflict,*'
        { Measure-LocalResolution $half1, $half2 -Filled -Method LocalFsc -ErrorAction Stop } | Should -Throw -ErrorId 'MethodConflict,*'
    }

    It 'returns the filled map and the refined mask with -All' {
        $all = $half1, $half2 | Measure-LocalResolution -All
        $all | Should -BeOfType ([LocalDeblur.Resolution.Monogenic.MonoResResult])
        $all.Filled.Minimum | Should -BeGreaterThan 0
        $all.RefinedMask.Maximum | Should -Be 1
        $all.RefinedMask.History.Step | Should -Contain 'Mask'
        $all | Out-String | Should -Match 'Range \(Å\)\s+: \d'
    }

    It 'measures by -Method LocalFsc' {
        $resolution = Measure-LocalResolution -HalfMap1 $half1 -HalfMap2 $half2 -Method LocalFsc -SamplingDistance 12 -RandomiseBeyond 8 -Seed 3 -CoarsestResolution 20
        $step = $resolution.History[-1]
        $step.Step | Should -Be 'LocalFsc'
        $step.Parameters.SamplingDistance | Should -Be 12
        $step.Parameters.RandomiseBeyond | Should -Be 8
        $step.Parameters.Seed | Should -Be 3
        $step.Parameters.CoarsestResolution | Should -Be 20
        $step.Figures.Spheres | Should -BeGreaterThan 1
    }

    It 'measures band by band in Gaussian windows with -WindowShape Gaussian' {
        $resolution = $half1, $half2 | Measure-LocalResolution -Method LocalFsc -WindowShape Gaussian -WindowWidth 4 -CoarsestResolution 20 -Mask $mask
        $step = $resolution.History[-1]
        $step.Step | Should -Be 'LocalFsc'
        $step.Parameters.WindowShape | Should -Be 'Gaussian'
        $step.Parameters.WindowWidth | Should -Be 4
        $step.Parameters.CoarsestResolution | Should -Be 20
        $step.Figures.MedianResolution | Should -BeGreaterThan 2.11
        $resolution.Minimum | Should -Be 0
        $resolution.Maximum | Should -BeLessOrEqual 20
    }

    It 'measures by -Method LocalWiener what Invoke-LocalWiener -All returns' {
        $resolution = Measure-LocalResolution -HalfMap1 $half1 -HalfMap2 $half2 -Method LocalWiener -WindowWidth 6 -Mask $mask
        $resolution.History[-1].Step | Should -Be 'LocalWienerResolution'
        $resolution.History[-1].Parameters.WindowWidth | Should -Be 6
        $all = $half1, $half2 | Invoke-LocalWiener -WindowWidth 6 -Mask $mask -All
        ($resolution | Compare-CryoMap -Reference $all.LocalResolution).MaximumDifference | Should -Be 0
    }

    It 'refuses parameters of another window with MethodConflict' {
        { $half1, $half2 | Measure-LocalResolution -Method LocalFsc -WindowWidth 4 } | Should -Throw -ErrorId 'MethodConflict,*'
        { $half1, $half2 | Measure-LocalResolution -Method LocalFsc -WindowShape Gaussian -SamplingDistance 12 } | Should -Throw -ErrorId 'MethodConflict,*'
        { $half1, $half2 | Measure-LocalResolution -Method LocalFsc -WindowShape Gaussian -RandomiseBeyond 8 } | Should -Throw -ErrorId 'MethodConflict,*'
        { $half1, $half2 | Measure-LocalResolution -Method LocalWiener -CoarsestResolution 12 } | Should -Throw -ErrorId 'MethodConflict,*'
        { $half1, $half2 | Measure-LocalResolution -WindowWidth 4 } | Should -Throw -ErrorId 'MethodConflict,*'
    }

    It 'refuses -<Name> with -Method <Method>, naming both' -ForEach @(
        @{ Method = 'MonoRes'; Name = 'WindowShape'; Value = 'Gaussian' }
        @{ Method = 'LocalWiener'; Name = 'Step'; Value = 0.5 }
        @{ Method = 'LocalWiener'; Name = 'Seed'; Value = 1 }
        @{ Method = 'LocalFsc'; Name = 'Step'; Value = 0.5 }
        @{ Method = 'LocalFsc'; Name = 'Significance'; Value = 0.9 }
        @{ Method = 'LocalFsc'; Name = 'NoiseFrom'; Value = 'Halves' }
        @{ Method = 'LocalFsc'; Name = 'GaussianNoise'; Value = $true }
        @{ Method = 'LocalFsc'; Name = 'All'; Value = $true }
        @{ Method = 'MonoRes'; Name = 'SamplingDistance'; Value = 20 }
        @{ Method = 'MonoRes'; Name = 'RandomiseBeyond'; Value = 8 }
        @{ Method = 'MonoRes'; Name = 'Seed'; Value = 1 }
    ) {
        $parameters = @{ $Name = $Value }
        $failure = { $half1, $half2 | Measure-LocalResolution -Method $Method @parameters } | Should -Throw -ErrorId 'MethodConflict,*' -PassThru
        $failure.Exception.Message | Should -Match "-$Name belongs to -Method"
    }

    It 'refuses -Seed where no phases are random' {
        { $half1, $half2 | Measure-LocalResolution -Method LocalFsc -Seed 4 } | Should -Throw -ErrorId 'MethodConflict,*'
    }

    It 'ends the call with MapCountUnsupported for three maps, naming the parameters' {
        $failure = { $half1, $half2, $half1 | Measure-LocalResolution } | Should -Throw -ErrorId 'MapCountUnsupported,*' -PassThru
        $failure.Exception.Message | Should -Match '-HalfMap1 and -HalfMap2'
    }

    It 'ends the call with MapCountUnsupported for one map by LocalFsc or LocalWiener' {
        { $half1 | Measure-LocalResolution -Method LocalFsc } | Should -Throw -ErrorId 'MapCountUnsupported,*'
        { $half1 | Measure-LocalResolution -Method LocalWiener } | Should -Throw -ErrorId 'MapCountUnsupported,*'
    }

    It 'writes <Id> for halves that disagree, with both values' -ForEach @(
        @{ Id = 'MapSizeMismatch'; Other = @{ Size = 32; VoxelSize = 1.06 }; Values = '48 × 48 × 48|32 × 32 × 32' }
        @{ Id = 'VoxelSizeMismatch'; Other = @{ Size = 48; VoxelSize = 1.5 }; Values = '1\.06|1\.5' }
        @{ Id = 'MapOriginMismatch'; Other = @{ Size = 48; VoxelSize = 1.06; Origin = 5, 0, 0 }; Values = '\(0, 0, 0\)|\(5, 0, 0\)' }
    ) {
        $failure = { $half1, (New-TestMap @Other) | Measure-LocalResolution -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*" -PassThru
        @([regex]::Matches($failure.Exception.Message, $Values).Value | Sort-Object -Unique).Count | Should -Be 2
    }

    It 'writes MaskCoversMap where one map has no outside' {
        { $half1 | Measure-LocalResolution -Mask (New-SlabMap -Size 48 -VoxelSize 1.06 -Inside 1 -Outside 1) -ErrorAction Stop } | Should -Throw -ErrorId 'MaskCoversMap,*'
    }

    It 'writes InsufficientMemory above -MemoryLimit' {
        { $half1, $half2 | Measure-LocalResolution -MemoryLimit 1MB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*'
    }

    It 'ends the call when the mask cannot be opened' {
        { $half1, $half2 | Measure-LocalResolution -Mask "$TestDrive/none.mrc" -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }

    It 'follows the current location' {
        $half1 | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
        $half2 | Export-CryoMap "$TestDrive/half2.mrc" -NoHistory
        Push-Location $TestDrive
        try { (Import-CryoMap half1.mrc, ./half2.mrc | Measure-LocalResolution).History[-1].Parameters.SecondHalfMap | Should -BeLike '*half2.mrc' }
        finally { Pop-Location }
    }

    It 'completes methods and places of the noise' {
        $line = 'Measure-LocalResolution -Method '
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText |
            Should -Be 'LocalFsc', 'LocalWiener', 'MonoRes'
        $line = 'Measure-LocalResolution -NoiseFrom '
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Be 'Halves', 'OutsideMask'
    }
}
