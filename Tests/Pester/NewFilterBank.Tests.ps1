BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'New-FilterBank' {
    It 'makes the published bank' {
        $bank = New-FilterBank -VoxelSize 1.06 -Size 64 -CoarsestResolution 8
        $bank.Bands.Count | Should -Be 20
        $bank.K | Should -Be 0.025
        $bank.Rank | Should -Be 5
        $bank.Bands[0].Resolution | Should -Be 2.12
    }

    It 'has <Bands> bands for <Size> voxels of 1.06 Å up to 8 Å' -ForEach @(
        @{ Size = 96; Bands = 26 }
        @{ Size = 192; Bands = 33 }
        @{ Size = 256; Bands = 37 }
    ) {
        (New-FilterBank -VoxelSize 1.06 -Size $Size -CoarsestResolution 8).Bands.Count | Should -Be $Bands
    }

    It 'takes three numbers or a map size as -Size' {
        "$((New-FilterBank -VoxelSize 1 -Size 32, 48, 64 -CoarsestResolution 6).Size)" | Should -Be '32 × 48 × 64'
        "$((New-FilterBank -VoxelSize 1 -Size (New-TestMap -Size 8, 6, 4).Size -CoarsestResolution 6).Size)" | Should -Be '8 × 6 × 4'
        { New-FilterBank -VoxelSize 1 -Size 32, 48 -CoarsestResolution 6 } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        { New-FilterBank -VoxelSize 1 -Size 0 -CoarsestResolution 6 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'makes the bank of a map and its local resolution' {
        $bank = New-FilterBank "$Lobes/map.mrc.gz" "$Lobes/locres.mrc.gz"
        $bank.CoarsestResolution | Should -Be 8
        $bank.Bands.Count | Should -Be 20
        (Import-CryoMap "$Lobes/map.mrc.gz" | New-FilterBank -LocalResolution "$Lobes/locres.mrc.gz" -Mask "$Lobes/mask.mrc.gz").Bands.Count | Should -Be 20
    }

    It 'lowers the rank with a coarser tolerance' {
        (New-FilterBank -VoxelSize 1.06 -Size 64 -CoarsestResolution 8 -RankTolerance 1e-3).Rank | Should -BeLessThan 5
    }

    It 'shows units, and the bands as a table' {
        $bank = New-FilterBank -VoxelSize 1.06 -Size 64 -CoarsestResolution 8
        ($bank | Out-String) | Should -Match 'Coarsest resolution \(Å\)\s+: 8'
        ($bank.Bands | Out-String) | Should -Match 'Half-width \(1/Å\)'
    }

    It 'writes ResolutionRangeInvalid for a resolution finer than two voxels' {
        { New-FilterBank -VoxelSize 2 -Size 32 -CoarsestResolution 3 -ErrorAction Stop } | Should -Throw -ErrorId 'ResolutionRangeInvalid,*'
    }

    It 'writes MapSizeMismatch for a resolution map of another size' {
        { New-FilterBank -Map (New-TestMap -Size 8) -LocalResolution (New-SlabMap) -ErrorAction Stop } | Should -Throw -ErrorId 'MapSizeMismatch,*'
    }

    It 'completes -K with what the values are for' {
        $line = 'New-FilterBank -K '
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches
        $found.CompletionText | Should -Be '0.025', '0.01', '0.05'
        $found[1].ToolTip | Should -Match '6 Å'
    }
}
