BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-Phantom 48
    $half1 = $phantom.DrawHalfMap(1)
    $half2 = $phantom.DrawHalfMap(2)
    $mask = $phantom.DrawMask()
}

Describe 'Invoke-BFactorSharpening' {
    It 'sharpens the mean of two half maps, and says by how much' {
        $sharp = Invoke-BFactorSharpening -HalfMap1 $half1 -HalfMap2 $half2 -FitRange 12, 4 -WarningAction Ignore
        $sharp | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        $sharp.Grid | Should -Be $half1.Grid
        $sharp.History[-1].Step | Should -Be 'BFactorSharpening'
        $figures = $sharp.History[-1].Figures
        $figures.BFactor | Should -Be (4 * $figures.Slope)
        'BFactor', 'Slope', 'Intercept', 'FitCorrelation', 'Resolution' | ForEach-Object { $figures.$_ | Should -BeOfType double }
        $figures.Resolution | Should -BeGreaterThan 0
    }

    It 'takes exactly two piped maps for the halves' {
        $piped = $half1, $half2 | Invoke-BFactorSharpening -FitRange 12, 4 -WarningAction Ignore
        @($piped).Count | Should -Be 1
        $named = Invoke-BFactorSharpening -HalfMap1 $half1 -HalfMap2 $half2 -FitRange 12, 4 -WarningAction Ignore
        ($piped | Compare-CryoMap -Reference $named).MaximumDifference | Should -Be 0
    }

    It 'sharpens one map by a given B factor' {
        $sharp = $half1 | Invoke-BFactorSharpening -BFactor -80 -Resolution 5 -WarningAction Ignore
        $sharp.History[-1].Figures.BFactor | Should -Be -80
        $sharp.History[-1].Figures.Resolution | Should -Be 5
        $sharp.History[-1].Parameters.LowPassResolution | Should -Be 5
    }

    It 'weights by -Fsc, as curves or as the CSV of Export-FscPlot' {
        $curves = Measure-FourierShellCorrelation -HalfMap1 $half1 -HalfMap2 $half2 -Mask $mask -WarningAction Ignore
        $curves | Export-FscPlot "$TestDrive/fsc.svg"
        Push-Location $TestDrive
        try {
            $common = @{ HalfMap1 = $half1; HalfMap2 = $half2; FitRange = 12, 4; WarningAction = 'Ignore' }
            $one = Invoke-BFactorSharpening @common -Fsc $curves
            $two = Invoke-BFactorSharpening @common -Fsc fsc.csv
            $three = Invoke-BFactorSharpening @common -Fsc (Get-Item fsc.csv)
            $measured = Invoke-BFactorSharpening @common -Mask $mask
        }
        finally { Pop-Location }
        foreach ($other in $two, $three, $measured) {
            ($other | Compare-CryoMap -Reference $one).MaximumDifference | Should -Be 0
        }
    }

    It 'keeps the place in space, from file to file' {
        New-TestMap -Size 24 -VoxelSize 1.5 -Origin 12.5, -3, 40 | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
        Import-CryoMap "$TestDrive/a.mrc" | Invoke-BFactorSharpening -BFactor -20 -Resolution 4 -WarningAction Ignore | Export-CryoMap "$TestDrive/b.mrc"
        "$((Import-CryoMap "$TestDrive/b.mrc").Origin)" | Should -Be '12.5, -3, 40'
        "$TestDrive/b.history.json" | Should -Exist
    }

    It 'multiplies the result by the mask with -ApplyMask' {
        $sharp = Invoke-BFactorSharpening $half1 -BFactor -50 -Resolution 5 -Mask $mask -ApplyMask -WarningAction Ignore
        $sharp.GetVoxel(0, 0, 0) | Should -Be 0
    }

    It 'divides by a detector''s transfer function' {
        Set-Content "$TestDrive/mtf.star" '0 1', '0.5 0.5'
        $plain = Invoke-BFactorSharpening $half1 -FitRange 12, 4 -WarningAction Ignore
        $undone = Invoke-BFactorSharpening $half1 -FitRange 12, 4 -MtfPath "$TestDrive/mtf.star" -WarningAction Ignore
        $undone.History[-1].Figures.Slope | Should -BeGreaterThan $plain.History[-1].Figures.Slope
        $undone.History[-1].Parameters.Mtf | Should -Be 'mtf.star'
    }

    It 'warns that a positive B factor blurs, and that a mask without use has none' {
        Invoke-BFactorSharpening $half1 -BFactor 50 -Resolution 5 -Mask $mask -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings -join "`n" | Should -Match 'blurs'
        $warnings -join "`n" | Should -Match 'has no effect'
    }

    It 'says its decisions with -Verbose' {
        $verbose = Invoke-BFactorSharpening $half1 -BFactor -50 -Resolution 5 -Verbose 4>&1 3>$null | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $verbose -join "`n" | Should -Match 'low-pass'
    }

    It 'gives the same result for any number of threads' {
        $one, $two = 1, 2 | ForEach-Object { Invoke-BFactorSharpening -HalfMap1 $half1 -HalfMap2 $half2 -BFactor -50 -Threads $_ -WarningAction Ignore }
        ($one | Compare-CryoMap -Reference $two).MaximumDifference | Should -Be 0
    }

    It 'ends the call with <Id> for <Case>' -ForEach @(
        @{ Id = 'MapCountUnsupported'; Case = 'three maps'; Call = { $half1, $half2, $half1 | Invoke-BFactorSharpening } }
        @{ Id = 'FscConflict'; Case = '-Fsc with -NoFscWeighting'; Call = { Invoke-BFactorSharpening $half1 -Fsc fsc.csv -NoFscWeighting } }
        @{ Id = 'FscConflict'; Case = '-Fsc with -Seed'; Call = { Invoke-BFactorSharpening $half1 -Fsc fsc.csv -Seed 3 } }
        @{ Id = 'MaskMissing'; Case = '-Seed without -Mask'; Call = { Invoke-BFactorSharpening -HalfMap1 $half1 -HalfMap2 $half2 -Seed 3 } }
        @{ Id = 'ParameterNeedsAnother'; Case = '-ApplyMask without -Mask'; Call = { Invoke-BFactorSharpening $half1 -ApplyMask } }
        @{ Id = 'ParameterNeedsAnother'; Case = '-MtfPixelSize without -MtfPath'; Call = { Invoke-BFactorSharpening $half1 -MtfPixelSize 1 } }
        @{ Id = 'ParameterNeedsAnother'; Case = '-LowPassEdgeShells without a filter'; Call = { Invoke-BFactorSharpening $half1 -LowPassEdgeShells 3 } }
        @{ Id = 'MapFileNotFound'; Case = 'a table that does not exist'; Call = { Invoke-BFactorSharpening $half1 -Fsc "$TestDrive/none.csv" } }
        @{ Id = 'MapFileNotFound'; Case = 'a mask that does not exist'; Call = { Invoke-BFactorSharpening $half1 -Mask "$TestDrive/none.mrc" } }
        @{ Id = 'FscTableInvalid'; Case = 'a table of something else'; Call = { Set-Content "$TestDrive/no.csv" 'a,b'; Invoke-BFactorSharpening $half1 -Fsc "$TestDrive/no.csv" } }
        @{ Id = 'MtfTableInvalid'; Case = 'a table of nothing'; Call = { Set-Content "$TestDrive/no.star" 'a b'; Invoke-BFactorSharpening $half1 -MtfPath "$TestDrive/no.star" } }
        @{ Id = 'ParameterArgumentValidationError'; Case = 'an absurd B factor'; Call = { Invoke-BFactorSharpening $half1 -BFactor -5000 } }
        @{ Id = 'ParameterArgumentValidationError'; Case = 'three numbers for -FitRange'; Call = { Invoke-BFactorSharpening $half1 -FitRange 10, 5, 3 } }
    ) {
        $Call | Should -Throw -ErrorId "$Id,*"
    }

    It 'writes <Id> for <Case>' -ForEach @(
        @{ Id = 'ParameterOutOfRange'; Case = 'a resolution beyond Nyquist'; Call = { Invoke-BFactorSharpening $half1 -Resolution 0.5 } }
        @{
            Id = 'FscMismatch'; Case = 'a curve of another box'
            Call = { Invoke-BFactorSharpening $half1 -Fsc (Measure-FourierShellCorrelation (New-TestMap -Size 16), (New-TestMap -Size 16)) }
        }
        @{ Id = 'MapSizeMismatch'; Case = 'halves of two boxes'; Call = { $half1, (New-TestMap -Size 32) | Invoke-BFactorSharpening } }
        @{ Id = 'MapFileNotFound'; Case = 'a half that does not exist'; Call = { Invoke-BFactorSharpening -HalfMap1 $half1 -HalfMap2 "$TestDrive/none.mrc" } }
        @{ Id = 'InsufficientMemory'; Case = 'a small -MemoryLimit'; Call = { Invoke-BFactorSharpening $half1 -BFactor -50 -MemoryLimit 1KB } }
    ) {
        $ErrorActionPreference = 'Stop'
        { & $Call 3> $null } | Should -Throw -ErrorId "$Id,*"
    }

    It 'equals RELION 3.1.3 post-processing, given its curve' {
        $files = 'half1.mrc.gz', 'half2.mrc.gz', 'fsc.csv', 'mask.mrc.gz', 'relion_pp_masked.mrc.gz' | ForEach-Object { Get-ReferenceFile "orc80n6/$_" }

        $sharp = Invoke-BFactorSharpening -HalfMap1 $files[0] -HalfMap2 $files[1] -Fsc $files[2] -Mask $files[3] -ApplyMask
        $figures = $sharp.History[-1].Figures
        [math]::Abs($figures.Slope + 20.2552) | Should -BeLessThan 1e-3
        [math]::Abs($figures.Intercept + 8.54868) | Should -BeLessThan 1e-3
        ($sharp | Compare-CryoMap -Reference $files[4]).RelativeRmsDifference | Should -BeLessThan 1e-5
    }
}
