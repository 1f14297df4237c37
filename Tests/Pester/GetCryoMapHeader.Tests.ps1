BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Get-CryoMapHeader' {
    BeforeAll {
        New-TestMap -Name a.mrc -VoxelSize 1.06 | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
        New-TestMap -Name 'b[1].mrc' | Export-CryoMap -LiteralPath "$TestDrive/b[1].mrc" -NoHistory
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
        # Words 15 and 17 to 19 of the header: the cell's angle β, and the axes of columns, rows and sections. Deposited maps of crystals are such.
        $file = Join-Path $TestDrive skewed.mrc
        New-TestMap -Size 8 | Export-CryoMap $file
        $bytes = [System.IO.File]::ReadAllBytes($file)
        [BitConverter]::GetBytes([float] 94.326).CopyTo($bytes, 56)
        3, 1, 2 | ForEach-Object { $at = 64 } { [BitConverter]::GetBytes([int] $_).CopyTo($bytes, $at); $at += 4 }
        [System.IO.File]::WriteAllBytes($file, $bytes)

        { New-CryoMask $file -ErrorAction Stop } | Should -Throw -ErrorId 'CellAnglesUnsupported,*'
        $text = Get-CryoMapHeader $file | Out-String -Width 200
        $text | Should -Match 'Axis order\s+: 3, 1, 2'
        $text | Should -Match '94\.326'
    }
}
