BeforeAll {
    . $PSScriptRoot/Common.ps1
    $file = New-LeucineModel "$TestDrive/leucines.pdb"
    $model = Import-AtomicModel $file
    $density = ConvertTo-CryoMap $model -Map (New-TestMap -Size 32 -VoxelSize 1)
    $density | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
    $density | Export-CryoMap "$TestDrive/b.mrc" -NoHistory
}

Describe 'Measure-MapModelFit' {
    It 'finds that a model fits its own density' {
        $result = Measure-MapModelFit -Model $model -Map $density -Resolution 2
        $result.CCMask, $result.CCBox, $result.CCVolume, $result.CCPeaks | ForEach-Object { $_ | Should -BeGreaterThan 0.99 }
        $result.Fsc | Should -BeOfType ([LocalDeblur.Resolution.Fsc.FscResult])
        $result.Fsc.Shells[8].Unmasked | Should -BeGreaterThan 0.99
        $result.Residues.Count | Should -Be 8
        $result.Resolution | Should -Be 2
    }

    It 'finds less in noise' {
        $result = Measure-MapModelFit (New-TestMap -Size 32 -VoxelSize 1) $model -Resolution 3
        [math]::Abs($result.CCMask) | Should -BeLessThan 0.3
    }

    It 'takes maps and models through the pipeline' {
        ("$TestDrive/a.mrc", "$TestDrive/b.mrc" | Measure-MapModelFit -Model $file -Resolution 3).Map | Should -Be 'a.mrc', 'b.mrc'
        (Import-CryoMap "$TestDrive/?.mrc" | Measure-MapModelFit -Model $model -Resolution 3).Map | Should -Be 'a.mrc', 'b.mrc'
        ($model | Measure-MapModelFit -Map "$TestDrive/a.mrc" -Resolution 3).Model | Should -Be 'leucines.pdb'
    }

    It 'hands its curve on to Export-FscPlot' {
        (Measure-MapModelFit $density $model -Resolution 2).Fsc | Export-FscPlot "$TestDrive/fsc.svg"
        "$TestDrive/fsc.svg" | Should -Exist
    }

    It 'writes <Id> for what cannot be measured' -ForEach @(
        @{ Id = 'ParameterOutOfRange'; Arguments = @{ Resolution = 1 } }
        @{ Id = 'InsufficientMemory'; Arguments = @{ Resolution = 3; MemoryLimit = 1000 } }
    ) {
        { Measure-MapModelFit $density $model @Arguments -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'shows correlations with units and no list of residues' {
        $text = Measure-MapModelFit $density $model -Resolution 2 | Format-List | Out-String
        $text | Should -Match 'CC mask'
        $text | Should -Match 'FSC 0.5 \(Å\)'
        $text | Should -Not -Match 'MapModelResidue'
    }

    It 'agrees with the published program' {
        $map = Get-ReferenceFile orc80n6/full.mrc.gz
        # Its density is drawn from another table of scattering factors.
        $result = Measure-MapModelFit $map (Get-ReferenceFile orc80n6/model.pdb) -Resolution 4
        [math]::Abs($result.CCMask - 0.871212620760285) | Should -BeLessThan 0.003
        [math]::Abs($result.CCBox - 0.4296529820905955) | Should -BeLessThan 0.003
        [math]::Abs($result.CCPeaks - 0.6489714068368483) | Should -BeLessThan 0.003
    }
}
