BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-CryoPhantom -Size 48
    $half1 = $phantom.HalfMap1
    $half2 = $phantom.HalfMap2
    $common = @{ HalfMap1 = $half1; HalfMap2 = $half2; Mask = $phantom.Mask }
    $restored = Invoke-LocalWiener @common
    $all = Invoke-LocalWiener @common -All
}

Describe 'Invoke-LocalWiener' {
    It 'restores the mean of two half maps, and says what it found' {
        $restored | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        $restored.Grid | Should -Be $half1.Grid
        $step = $restored.History[-1]
        $step.Step | Should -Be 'LocalWiener'
        $step.Parameters.TargetBFactor | Should -Be 20
        $step.Parameters.WeightExponent | Should -Be 0.75
        $step.Figures.FallOff | Should -BeOfType double
        $step.Figures.Totals.Count | Should -Be $step.Figures.Noises.Count
        $step.Figures.MaskVoxels | Should -BeGreaterThan 1000
    }

    It 'takes exactly two piped maps for the halves' {
        $piped = $half1, $half2 | Invoke-LocalWiener -Mask $phantom.Mask
        @($piped).Count | Should -Be 1
        ($piped | Compare-CryoMap -Reference $restored).MaximumDifference | Should -Be 0
    }

    It 'comes nearer to the truth than the mean of the halves' {
        $mean = [LocalDeblur.Maps.Reconstruction]::new($half1, $half2).Mean([System.Threading.CancellationToken]::None)
        $before = ($mean | Compare-CryoMap -Reference $phantom.Truth -Mask $phantom.Mask).Correlation
        ($restored | Compare-CryoMap -Reference $phantom.Truth -Mask $phantom.Mask).Correlation | Should -BeGreaterThan $before
    }

    It 'takes rows that name the half maps and the mask of one reconstruction each' {
        $row = [pscustomobject] @{ HalfMap1 = $half1; HalfMap2 = $half2; Mask = $phantom.Mask }
        $rows = $row, $row | Invoke-LocalWiener
        @($rows).Count | Should -Be 2
        ($rows[1] | Compare-CryoMap -Reference $restored).MaximumDifference | Should -Be 0
    }

    It 'makes a mask where none is given, and the history has it' {
        $made = Invoke-LocalWiener -HalfMap1 $half1 -HalfMap2 $half2
        $mask = New-CryoMask -HalfMap1 $half1 -HalfMap2 $half2
        $made.History[-2].Step | Should -Be $mask.History[-1].Step
        ($made | Compare-CryoMap -Reference (Invoke-LocalWiener -HalfMap1 $half1 -HalfMap2 $half2 -Mask $mask)).MaximumDifference | Should -Be 0
    }

    It 'returns everything it knows with -All' {
        ($all.Map | Compare-CryoMap -Reference $restored).MaximumDifference | Should -Be 0
        foreach ($map in $all.LocalResolution, $all.NoiseDeviation, $all.Confidence) {
            $map | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
            $map.Grid | Should -Be $half1.Grid
        }

        $all.Confidence.Maximum | Should -BeLessOrEqual 1
        $all.LocalResolution.Maximum | Should -BeLessOrEqual 20
        $all.LocalResolution.Minimum | Should -Be 0
        $all.NoiseShareAfter | Should -Be $all.Map.History[-1].Figures.NoiseShareAfter
        $all.NoiseShareAfter | Should -BeLessThan $all.NoiseShareBefore
        $all.Summary | Should -Match '^Of the detail finer than 5 Å, \d+ % is noise \(\d+ % before\)\.$'
    }

    It 'shows figures and sentence, never voxels' {
        $text = $all | Out-String -Width 120
        $text | Should -Match 'Summary +: Of the detail finer than 5 Å'
        $text | Should -Match 'Fall-off \(Å²\)'
        @($text.Trim() -split '\r?\n').Count | Should -BeLessOrEqual 12
    }

    It 'has a B factor, an exponent, a window, one weight a shell and a positivity step' -ForEach @(
        @{ Given = @{ TargetBFactor = 60 } }
        @{ Given = @{ WeightExponent = 1 } }
        @{ Given = @{ WindowWidth = 8 } }
        @{ Given = @{ Global = $true } }
        @{ Given = @{ Positivity = $true } }
    ) {
        $other = Invoke-LocalWiener @common @Given
        $name = @($Given.Keys)[0]
        $other.History[-1].Parameters.$name | Should -Be $Given.$name
        ($other | Compare-CryoMap -Reference $restored).RelativeRmsDifference | Should -BeGreaterThan 1e-3
    }

    It 'says its decisions with -Verbose, and that no FSC may follow the positivity step' {
        $verbose = Invoke-LocalWiener @common -Positivity -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $verbose -join "`n" | Should -Match 'falls off by'
        $verbose -join "`n" | Should -Match 'No Fourier shell correlation may be computed'
        $verbose = Invoke-LocalWiener @common -All -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $verbose -join "`n" | Should -Match 'Of the detail finer than 5'
    }

    It 'warns of half maps that are the same' {
        Invoke-LocalWiener -HalfMap1 $half1 -HalfMap2 $half1 -Mask $phantom.Mask -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings -join "`n" | Should -Match 'the same in every voxel'
    }

    It 'gives the same result for any number of threads' {
        $three = Invoke-LocalWiener @common -Threads 3
        ($three | Compare-CryoMap -Reference $restored).MaximumDifference | Should -Be 0
    }

    It 'works from file to file' {
        $half1 | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
        $half2 | Export-CryoMap "$TestDrive/half2.mrc" -NoHistory
        Invoke-LocalWiener "$TestDrive/half1.mrc", "$TestDrive/half2.mrc" -Mask $phantom.Mask | Export-CryoMap "$TestDrive/restored.mrc"
        (Import-CryoMap "$TestDrive/restored.mrc" | Compare-CryoMap -Reference $restored).RelativeRmsDifference | Should -BeLessThan 1e-6
        "$TestDrive/restored.history.json" | Should -Exist
    }

    It 'says for one map why it needs two, and what to use instead' {
        $failure = { Invoke-LocalWiener $half1 -ErrorAction Stop } | Should -Throw -ErrorId 'MapCountUnsupported,*' -PassThru
        "$failure" | Should -Match 'no noise estimate'
        "$failure" | Should -Match '\(-HalfMap1, -HalfMap2\), or sharpen the one map by another method: LocalDeblur'
    }

    It 'ends the call with <Id> for <Case>' -ForEach @(
        @{ Id = 'MapCountUnsupported'; Case = 'three maps'; Call = { $half1, $half2, $half1 | Invoke-LocalWiener } }
        @{ Id = 'MapFileNotFound'; Case = 'a mask that does not exist'; Call = { Invoke-LocalWiener -HalfMap1 $half1 -HalfMap2 $half2 -Mask "$TestDrive/none.mrc" } }
    ) {
        $Call | Should -Throw -ErrorId "$Id,*"
    }

    It 'writes <Id> for <Case>' -ForEach @(
        @{ Id = 'ParameterOutOfRange'; Case = 'an absurd B factor'; Advised = '-TargetBFactor'; Call = { Invoke-LocalWiener @common -TargetBFactor 5000 } }
        @{ Id = 'ParameterOutOfRange'; Case = 'a negative exponent'; Advised = '-WeightExponent'; Call = { Invoke-LocalWiener @common -WeightExponent -1 } }
        @{ Id = 'ParameterOutOfRange'; Case = 'a wide window'; Advised = '-WindowWidth'; Call = { Invoke-LocalWiener @common -WindowWidth 50 } }
        @{ Id = 'ParameterOutOfRange'; Case = '-All with -Global'; Advised = '-All', '-Global'; Call = { Invoke-LocalWiener @common -All -Global } }
        @{ Id = 'ParameterOutOfRange'; Case = '-All with -Positivity'; Advised = '-All', '-Positivity'; Call = { Invoke-LocalWiener @common -All -Positivity } }
        @{ Id = 'ParameterOutOfRange'; Case = '-Positivity with -Global'; Advised = '-Positivity', '-Global'; Call = { Invoke-LocalWiener @common -Positivity -Global } }
        @{
            Id = 'ParameterOutOfRange'; Case = '-Positivity with an exponent'; Advised = '-Positivity', '-WeightExponent'
            Call = { Invoke-LocalWiener @common -Positivity -WeightExponent 0.5 }
        }
        @{ Id = 'MapSizeUnsupported'; Case = 'a small box'; Advised = @(); Call = { Invoke-LocalWiener (New-TestMap 16), (New-TestMap 16 -Seed 2) } }
        @{
            Id = 'MaskEmpty'; Case = 'an empty mask'; Advised = '-Mask'
            Call = { Invoke-LocalWiener $half1, $half2 -Mask ([LocalDeblur.Maps.CryoMap]::new($half1.Grid, [float[]]::new(48 * 48 * 48), 'empty')) }
        }
        @{ Id = 'MapSizeMismatch'; Case = 'halves of two boxes'; Advised = @(); Call = { $half1, (New-TestMap -Size 32) | Invoke-LocalWiener } }
        @{ Id = 'MapFileNotFound'; Case = 'a half that does not exist'; Advised = @(); Call = { Invoke-LocalWiener -HalfMap1 $half1 -HalfMap2 "$TestDrive/none.mrc" } }
        @{ Id = 'InsufficientMemory'; Case = 'a small -MemoryLimit'; Advised = '-MemoryLimit'; Call = { Invoke-LocalWiener @common -MemoryLimit 1MB } }
    ) {
        $ErrorActionPreference = 'Stop'
        $failure = { & $Call 3> $null } | Should -Throw -ErrorId "$Id,*" -PassThru
        @([regex]::Matches("$failure", '\((-\w+)\)') | ForEach-Object { $_.Groups[1].Value }) | Should -Be $Advised
    }
}
