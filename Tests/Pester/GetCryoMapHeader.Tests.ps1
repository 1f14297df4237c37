BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Get-CryoMapHeader' {
    BeforeAll {
        New-TestMap -Name a.mrc -VoxelSize 1.06 | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
        New-TestMap -Name 'b[1].mrc' | Export-CryoMap "$TestDrive/b[1].mrc" -NoHistory
    }

    It 'shows the header of a file, and which file' {
        $header = Get-CryoMapHeader "$TestDrive/a.mrc"
        $header | Should -BeOfType ([LocalDeblur.Maps.Mrc.MrcHeader])
        $header.Mode | Should -Be 'Float32'
        $header.Path | Should -Be (Join-Path $TestDrive a.mrc)
        ($header | Out-String) | Should -Match 'Voxel size \(Å\)\s+: 1\.06'
    }

    It 'takes wildcards, files and -LiteralPath' {
        @(Get-CryoMapHeader "$TestDrive/*.mrc").Count | Should -Be 2
        @(Get-ChildItem "$TestDrive/*.mrc" | Get-CryoMapHeader).Count | Should -Be 2
        (Get-CryoMapHeader -LiteralPath "$TestDrive/b[1].mrc").VoxelSize | Should -Be 1.5
    }

    It 'takes a map, whose voxels it leaves alone' {
        $map = Import-CryoMap "$TestDrive/a.mrc"
        ($map | Get-CryoMapHeader).Columns | Should -Be 16
        (Get-CryoMapHeader -Map $map).Path | Should -Be $map.Path
        $map.IsLoaded | Should -BeFalse
    }

    It 'writes MapWithoutHeader for a computed map' {
        { New-TestMap | Get-CryoMapHeader -ErrorAction Stop } | Should -Throw -ErrorId 'MapWithoutHeader,*'
    }

    It 'writes MapFileNotFound for a missing file' {
        { Get-CryoMapHeader "$TestDrive/none.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }

    It 'shows files that are refused for processing' {
        $file = Get-ReferenceFile real/EMD-3001.map.gz
        if (-not $file) {
            Set-ItResult -Skipped -Because 'the reference data is not at hand'
            return
        }

        $text = Get-CryoMapHeader $file | Out-String -Width 200
        $text | Should -Match 'Axis order\s+: 3, 1, 2'
        $text | Should -Match '94\.326'
    }
}
