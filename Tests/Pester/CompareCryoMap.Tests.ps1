BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Compare-CryoMap' {
    It 'finds no difference between a map and itself' {
        $result = New-TestMap | Compare-CryoMap -Reference (New-TestMap)
        $result.RelativeRmsDifference | Should -Be 0
        $result.MaximumDifference | Should -Be 0
        $result.Correlation | Should -BeGreaterThan 0.999999999
    }

    It 'says where the largest difference is' {
        $result = Compare-CryoMap (New-SlabMap -Inside 2) (New-SlabMap -Inside 1)
        $result.MaximumDifference | Should -Be 1
        $result.Z | Should -Be 4
        $result.RelativeRmsDifference | Should -Be 1
    }

    It 'compares within a mask' {
        $mask = New-SlabMap -Inside 1
        $result = Compare-CryoMap (New-SlabMap -Inside 2 -Outside 9) (New-SlabMap -Inside 2) -Mask $mask
        $result.MaximumDifference | Should -Be 0
        $result.VoxelCount | Should -Be 2048
    }

    It 'takes paths, and several maps' {
        New-TestMap | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
        @("$TestDrive/a.mrc", (New-TestMap -Seed 2) | Compare-CryoMap -Reference "$TestDrive/a.mrc").RelativeRmsDifference[0] | Should -Be 0
        ((Get-Item "$TestDrive/a.mrc") | Compare-CryoMap -Reference (Get-Item "$TestDrive/a.mrc")).Correlation | Should -BeGreaterThan 0.999999
    }

    It 'warns of a damaged file given as a path, once' {
        New-TestMap | Export-CryoMap "$TestDrive/stamp.mrc" -NoHistory
        $stream = [IO.File]::OpenWrite("$TestDrive/stamp.mrc")
        try {
            $stream.Position = 212
            $stream.Write([byte[]] (0, 0, 0, 0))
        }
        finally { $stream.Dispose() }

        $null = (New-TestMap), (New-TestMap) | Compare-CryoMap -Reference "$TestDrive/stamp.mrc" -WarningVariable warnings -WarningAction SilentlyContinue
        @($warnings).Count | Should -Be 1
        $warnings[0].Message | Should -Match '^stamp\.mrc: '
        $null = Import-CryoMap "$TestDrive/stamp.mrc" -WarningAction Ignore | Compare-CryoMap -Reference (New-TestMap) -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'writes <Id> and goes on' -ForEach @(
        @{ Id = 'MapSizeMismatch'; Size = 8; VoxelSize = 1.5; Origin = 0, 0, 0 }
        @{ Id = 'VoxelSizeMismatch'; Size = 16; VoxelSize = 1.6; Origin = 0, 0, 0 }
        @{ Id = 'MapOriginMismatch'; Size = 16; VoxelSize = 1.5; Origin = 10, 0, 0 }
    ) {
        $other = New-TestMap -Size $Size -VoxelSize $VoxelSize -Origin $Origin -Name other.mrc
        $results = $other, (New-TestMap) | Compare-CryoMap -Reference (New-TestMap) -ErrorVariable failure -ErrorAction SilentlyContinue
        @($results).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.TargetObject | Should -BeOfType string
    }

    It 'writes MaskEmpty for a mask of zeros' {
        { Compare-CryoMap (New-TestMap) (New-TestMap) -Mask (New-SlabMap -Inside 0) -ErrorAction Stop } | Should -Throw -ErrorId 'MaskEmpty,*'
    }

    It 'ends the call when the reference cannot be opened' {
        { New-TestMap | Compare-CryoMap -Reference "$TestDrive/none.mrc" -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }
}
