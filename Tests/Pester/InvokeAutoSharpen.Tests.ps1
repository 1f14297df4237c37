BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-Phantom 48
    $half1 = $phantom.DrawHalfMap(1)
    $half2 = $phantom.DrawHalfMap(2)
    $resolution = 5
    $model = New-LeucineModel "$TestDrive/leucines.pdb" -Edge 3
    $drawn = ConvertTo-CryoMap $model -Map (New-TestMap 40 -VoxelSize 1) -BFactor 80
}

Describe 'Invoke-AutoSharpen' {
    It 'sharpens a map, and says by how much' {
        $sharp = $half1 | Invoke-AutoSharpen -Resolution $resolution -WarningAction Ignore
        $sharp | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        $sharp.Grid | Should -Be $half1.Grid
        $sharp.History[-1].Step | Should -Be 'AutoSharpen'
        'SharpeningB', 'BIso', 'AdjustedSurfaceArea', 'Kurtosis' | ForEach-Object { $sharp.History[-1].Figures.$_ | Should -BeOfType double }
        $sharp.StandardDeviation | Should -BeGreaterThan 0.99
        $sharp.StandardDeviation | Should -BeLessThan 1.01
    }

    It 'makes every map a job of its own, and goes on after one that fails' {
        $results = $half1, "$TestDrive/none.mrc", $half2 | Invoke-AutoSharpen -Resolution $resolution -WarningAction Ignore -ErrorVariable failure -ErrorAction SilentlyContinue
        @($results).Count | Should -Be 2
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound,*'
    }

    It 'weights half maps by what they agree on' {
        $sharp = Invoke-AutoSharpen -HalfMap1 $half1 -HalfMap2 $half2 -Resolution $resolution -WarningAction Ignore
        $sharp.History[-1].Figures.ShellWeights.Count | Should -BeGreaterThan 1
        $sharp.History[-1].Parameters.HalfMap2 | Should -Be $half2.Name
    }

    It 'takes the box of an earlier run as it is' {
        $figures = (Invoke-AutoSharpen $half1 -Resolution $resolution -WarningAction Ignore).History[-1].Figures
        $again = Invoke-AutoSharpen $half1 -Resolution $resolution -BoxOrigin $figures.BoxOrigin -BoxSize $figures.BoxSize -WarningAction Ignore
        $again.History[-1].Figures.SharpeningB | Should -Be $figures.SharpeningB
    }

    It 'gives a map the amplitudes of a model at rest' {
        $sharp = $drawn | Invoke-AutoSharpen -Model $model -Resolution 3 -WarningAction Ignore
        $figures = $sharp.History[-1].Figures
        $figures.BestAgreement | Should -BeGreaterThan 0.99
        [math]::Abs($figures.SharpeningB - 80) | Should -BeLessThan 5
        $sharp.History[-1].Parameters.Model | Should -Be $model
    }

    It 'takes half maps with a model that came from a cmdlet' {
        $sharp = Invoke-AutoSharpen -HalfMap1 $drawn -HalfMap2 $drawn -Model (Import-AtomicModel $model) -Resolution 3 -ExtrapolateWeight -WarningAction Ignore
        $sharp.History[-1].Parameters.HalfMap2 | Should -Be $drawn.Name
        $sharp.History[-1].Figures.ShellWeights.Count | Should -Be 20
    }

    It 'writes ModelMismatch where the density is of something else, and goes on' {
        $results = (New-TestMap 40 -VoxelSize 1), $drawn | Invoke-AutoSharpen -Model $model -Resolution 3 -WarningAction Ignore -ErrorVariable failure -ErrorAction SilentlyContinue
        @($results).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelMismatch,*'
    }

    It 'says where wildcards are expanded' {
        { Invoke-AutoSharpen "$TestDrive/*.mrc" -Resolution 3 -ErrorAction Stop } |
            Should -Throw '** and ? are taken literally here, or read * first (Import-CryoMap -Path).' -ErrorId 'MapFileNotFound,*'
        { Invoke-AutoSharpen $drawn -Model "$TestDrive/*.pdb" -Resolution 3 -ErrorAction Stop } |
            Should -Throw '** and ? are taken literally here, or read * first (Import-AtomicModel -Path).' -ErrorId 'ModelFileNotFound,*'
    }

    It 'keeps the place in space, from file to file in the current location' {
        $place = [LocalDeblur.Maps.AxisTriple]::new(12.5, -3, 40)
        $half1 | Export-CryoMap "$TestDrive/half.mrc" -NoHistory
        Import-CryoMap "$TestDrive/half.mrc" -Origin $place | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
        Push-Location $TestDrive
        try { Get-Item a.mrc | Invoke-AutoSharpen -Resolution $resolution -Target Kurtosis -WarningAction Ignore | Export-CryoMap b.mrc }
        finally { Pop-Location }
        "$((Import-CryoMap "$TestDrive/b.mrc").Origin)" | Should -Be '12.5, -3, 40'
        Get-Content "$TestDrive/b.history.json" -Raw | Should -Match 'Kurtosis'
    }

    It 'gives the same result for any number of threads' {
        $one, $two = 1, 2 | ForEach-Object { Invoke-AutoSharpen $half1 -Resolution $resolution -Threads $_ -WarningAction Ignore }
        ($one | Compare-CryoMap -Reference $two).MaximumDifference | Should -Be 0
    }

    It 'says its decisions with -Verbose' {
        $verbose = Invoke-AutoSharpen $half1 -Resolution $resolution -Verbose 4>&1 3>$null | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $verbose -join "`n" | Should -Match 'The search runs in'
    }

    It 'refuses with <Id> <Case>' -ForEach @(
        @{ Id = 'ParameterOutOfRange'; Case = 'a resolution beyond Nyquist'; Parameters = @{ Resolution = 0.5 } }
        @{ Id = 'ParameterOutOfRange'; Case = 'a box beyond the map'; Parameters = @{ Resolution = 5; BoxOrigin = 0, 0, 0; BoxSize = 60 } }
        @{ Id = 'ParameterNeedsAnother'; Case = 'half a box'; Parameters = @{ Resolution = 5; BoxSize = 20 } }
        @{ Id = 'ParameterNeedsAnother'; Case = '-ExtrapolateWeight on one map'; Parameters = @{ Resolution = 5; ExtrapolateWeight = $true } }
        @{ Id = 'MethodConflict'; Case = '-Target with a model'; Parameters = @{ Resolution = 5; Target = 'Kurtosis'; Model = 'any.pdb' } }
        @{ Id = 'ModelFileNotFound'; Case = 'a model that is not there'; Parameters = @{ Resolution = 5; Model = 'none.pdb' } }
        @{ Id = 'ParameterArgumentValidationError'; Case = 'a negative resolution'; Parameters = @{ Resolution = -3 } }
        @{ Id = 'ParameterArgumentTransformationError'; Case = 'a place of two numbers'; Parameters = @{ Resolution = 5; BoxOrigin = 1, 2; BoxSize = 20 } }
        @{ Id = 'InsufficientMemory'; Case = 'a small -MemoryLimit'; Parameters = @{ Resolution = 5; MemoryLimit = 1KB } }
    ) {
        { Invoke-AutoSharpen $half1 @Parameters -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'writes MapWithoutSignal for a flat map' {
        $flat = [LocalDeblur.Maps.CryoMap]::new($half1.Grid, [float[]]::new(48 * 48 * 48), 'flat')
        { Invoke-AutoSharpen $flat -Resolution $resolution -ErrorAction Stop } | Should -Throw -ErrorId 'MapWithoutSignal,*'
    }

    It 'comes within 20 Å² of phenix.auto_sharpen (cctbx 2022.9) in a box of its own' {
        $figures = (Invoke-AutoSharpen (Get-ReferenceFile orc80n6/full.mrc.gz) -Resolution 4).History[-1].Figures
        [math]::Abs($figures.SharpeningB - 36.56) | Should -BeLessThan 20
    }
}
