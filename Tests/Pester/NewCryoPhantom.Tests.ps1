BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-CryoPhantom -Size 64
}

Describe 'New-CryoPhantom' {
    It 'gives half maps from which Invoke-LocalDeblur comes nearer to the truth' {
        $sharp = $phantom.HalfMap1, $phantom.HalfMap2 | Invoke-LocalDeblur
        $before = ($phantom.HalfMap1 | Compare-CryoMap -Reference $phantom.Truth).Correlation
        ($sharp | Compare-CryoMap -Reference $phantom.Truth).Correlation | Should -BeGreaterThan ($before + 0.02)
    }

    It 'gives maps on one grid' {
        foreach ($name in 'HalfMap1', 'HalfMap2', 'Truth', 'LocalResolution', 'Mask') {
            $phantom.$name | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
            $phantom.$name.Grid | Should -Be $phantom.Truth.Grid
            $phantom.$name.History[0].Step | Should -Be 'Phantom'
        }
    }

    It 'gives the local resolution inside the mask' {
        $phantom.Mask.Minimum, $phantom.Mask.Maximum | Should -Be 0, 1
        $phantom.LocalResolution.Minimum | Should -Be 0
        $phantom.LocalResolution.Maximum | Should -BeGreaterThan 6
        $phantom.LocalResolution.Maximum | Should -BeLessOrEqual 8
    }

    It 'gives the atoms of the truth' {
        $phantom.Model | Should -BeOfType ([LocalDeblur.Models.AtomicModel])
        $phantom.AtomCount | Should -Be $phantom.Model.Atoms.Count

        # Every atom lies in density of its own; every side chain that turns about its first bond points where the truth has it.
        ($phantom.Truth | Measure-QScore -Model $phantom.Model).Mean | Should -BeGreaterThan 0.85
        ($phantom.Truth | Measure-EMRinger -Model $phantom.Model).RotamerRatio | Should -Be 1
        ($phantom.Truth | Measure-MapModelFit -Model $phantom.Model -Resolution 3).FscAverage | Should -BeGreaterThan 0.99
    }

    It 'gives the map of a model whose density is the truth' {
        # Their atoms differ in shape, Gaussian here and scattering factors there, and not in place or weight.
        $density = ConvertTo-CryoMap -Model $phantom.Model -Map $phantom.Truth
        ($density | Compare-CryoMap -Reference $phantom.Truth).Correlation | Should -BeGreaterThan 0.95
    }

    It 'is the same each time, and another with another seed' {
        ($phantom.HalfMap1 | Compare-CryoMap -Reference (New-CryoPhantom 64 -Threads 1).HalfMap1).RmsDifference | Should -Be 0
        $other = New-CryoPhantom -Size 64 -Seed 2
        ($phantom.Truth | Compare-CryoMap -Reference $other.Truth).Correlation | Should -BeLessThan 0.9
        ($phantom.HalfMap1 | Compare-CryoMap -Reference $phantom.HalfMap2).RmsDifference | Should -BeGreaterThan 0
    }

    It 'follows every parameter' {
        $other = New-CryoPhantom -Size 40 -VoxelSize 1.4 -FinestResolution 4 -CoarsestResolution 9 -NoiseFraction 0 -Seed 3 -Threads 1
        $options = $other.Options
        $options.Size, $options.VoxelSize, $options.FinestResolution, $options.CoarsestResolution, $options.NoiseFraction, $options.Seed, $options.Limits.Threads |
            Should -Be 40, 1.4, 4, 9, 0, 3, 1
        "$($other.Truth.Size)" | Should -Be '40 × 40 × 40'
        $other.Truth.VoxelSize | Should -Be 1.4
        ($other.HalfMap1 | Compare-CryoMap -Reference $other.HalfMap2).RmsDifference | Should -Be 0
        $other.Model.Atoms[0].BFactor | Should -Be 64
        $other.LocalResolution.Maximum | Should -BeGreaterThan 7
    }

    It 'is drawn as the demo draws it unless asked otherwise' {
        $defaults = [LocalDeblur.Phantom.PhantomOptions]::new()
        foreach ($name in 'Size', 'VoxelSize', 'FinestResolution', 'CoarsestResolution', 'NoiseFraction', 'Seed') {
            $written = (Get-Help New-CryoPhantom -Parameter $name).defaultValue
            [double] $written | Should -Be $defaults.$name -Because "the help states the default of -$name"
        }
    }

    It 'refuses <Parameter> <Value>' -ForEach @(
        @{ Parameter = 'Size'; Value = 31 }
        @{ Parameter = 'Size'; Value = 1025 }
        @{ Parameter = 'VoxelSize'; Value = 0.1 }
        @{ Parameter = 'NoiseFraction'; Value = -1 }
        @{ Parameter = 'CoarsestResolution'; Value = 31 }
        @{ Parameter = 'Threads'; Value = -1 }
    ) {
        $given = @{ $Parameter = $Value }
        { New-CryoPhantom @given } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'refuses what does not fit together, with both values' {
        { New-CryoPhantom -Size 48 -VoxelSize 2 -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterOutOfRange,*' -ExpectedMessage '*finest resolution*3*4 Å*-FinestResolution*'
        { New-CryoPhantom -Size 48 -CoarsestResolution 2 -ErrorAction Stop } |
            Should -Throw -ErrorId 'ParameterOutOfRange,*' -ExpectedMessage '*coarsest resolution*2*3 Å*-CoarsestResolution*'
        { New-CryoPhantom -Size 32 -VoxelSize 0.5 -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterOutOfRange,*' -ExpectedMessage '*16 Å*40 Å*'
    }

    It 'writes InsufficientMemory above -MemoryLimit' {
        { New-CryoPhantom -Size 64 -MemoryLimit 1MB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*' -ExpectedMessage '*-MemoryLimit*'
    }

    It 'shows what it holds, and no voxels' {
        $text = $phantom | Out-String
        $text.Length | Should -BeLessThan 1000
        $text | Should -Match 'HalfMap1\s+: phantom-half1 \(64 × 64 × 64\)'
        $text | Should -Match 'LocalResolution\s+: .*3 to 8 Å'
        $table = $phantom | Format-Table | Out-String
        $table | Should -Match 'Resolution \(Å\)'
        $table | Should -Match '3 to 8'
        "$phantom" | Should -Match 'phantom of \d+ atoms \(64 × 64 × 64\)'
    }
}
