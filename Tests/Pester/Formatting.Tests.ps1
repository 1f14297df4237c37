BeforeAll {
    . $PSScriptRoot/Common.ps1
    $format = [LocalDeblur.PowerShell.Formatting.MapFormat]
}

Describe 'What the views show' {
    It 'says <Bytes> bytes as <Text>' -ForEach @(
        @{ Bytes = 512; Text = '512 bytes' }
        @{ Bytes = 1536; Text = '1.5 KB' }
        @{ Bytes = 7MB; Text = '7 MB' }
        @{ Bytes = 2.5GB; Text = '2.5 GB' }
    ) {
        $format::Bytes($Bytes) | Should -Be $Text
    }

    It 'rounds a voxel size that was stored as a 32-bit real' {
        $format::Number([float] 1.06, 4) | Should -Be '1.06'
        $format::Number([double]::NaN, 4) | Should -Be '-'
    }

    It 'shows three edges where voxels are not cubes' {
        $grid = [LocalDeblur.Maps.MapGrid]::new([LocalDeblur.Maps.GridSize]::new(8, 8, 8), [LocalDeblur.Maps.AxisTriple]::new(1, 2, 3), [LocalDeblur.Maps.AxisTriple]::new(0, 0, 0))
        $format::VoxelSize($grid) | Should -Be '1, 2, 3'
    }

    It 'cuts lists that would fill the screen' {
        $figures = [System.Collections.Generic.Dictionary[string, object]]::new()
        $figures['Norms'] = [double[]] (1..20)
        $entry = [LocalDeblur.Maps.HistoryEntry] @{ Step = 'Test'; Figures = $figures }
        ($entry | Out-String) | Should -Match 'Norms = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 …'
    }

    It 'never prints voxels: <_>' -ForEach 'Format-Table', 'Format-List', 'Out-String' {
        $map = New-TestMap -Size 32
        $text = $map | & $_ | Out-String
        $text.Length | Should -BeLessThan 2000
    }
}
