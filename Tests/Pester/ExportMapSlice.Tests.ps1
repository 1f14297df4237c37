BeforeAll {
    . $PSScriptRoot/Common.ps1
    $map = New-TestMap -Size 24 -Name 'a.mrc'
}

Describe 'Export-MapSlice' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    }

    It 'writes a picture of <View> slices' -ForEach @{ View = 'Orthogonal' }, @{ View = 'Projection' }, @{ View = 'Montage' } {
        $map | Export-MapSlice "$folder/a.png" -View $View | Should -BeNullOrEmpty
        [IO.File]::ReadAllBytes("$folder/a.png")[0..3] | Should -Be 0x89, 0x50, 0x4E, 0x47
    }

    It 'draws a row for each map, and returns them with -PassThru' {
        $map | Export-MapSlice "$folder/one.png"
        ($map, $map | Export-MapSlice "$folder/two.png" -PassThru).Count | Should -Be 2
        $height = { [IO.File]::ReadAllBytes($args[0])[22..23] | ForEach-Object { $n = 0 } { $n = 256 * $n + $_ } { $n } }
        (& $height "$folder/two.png") | Should -BeGreaterThan (1.9 * (& $height "$folder/one.png"))
    }

    It 'writes colours with -LocalResolution and -Palette' -ForEach @{ Given = @{ LocalResolution = $true } }, @{ Given = @{ Palette = 'Cividis' } } {
        New-SlabMap | Export-MapSlice "$folder/a.png" @Given
        # The colour type of PNG: 2 for red, green and blue.
        [IO.File]::ReadAllBytes("$folder/a.png")[25] | Should -Be 2
    }

    It 'writes <Id> for <Case>' -ForEach @(
        @{ Id = 'ParameterOutOfRange'; Case = 'a voxel outside'; Arguments = @{ Position = 24, 0, 0 } }
        @{ Id = 'MethodConflict'; Case = 'a count without a montage'; Arguments = @{ Count = 3 } }
        @{ Id = 'PlotFileNameUnsupported'; Case = 'another suffix'; Arguments = @{ Path = 'a.svg' } }
        @{ Id = 'MapSizeMismatch'; Case = 'maps of different sizes'; Arguments = @{ Map = $null } }
    ) {
        $given = @{ Path = "$folder/b.png"; Map = $map; ErrorAction = 'Stop' } + @{}
        $Arguments.Keys | ForEach-Object { $given[$_] = $Arguments[$_] }
        if ($null -eq $given.Map) { $given.Map = $map, (New-TestMap -Size 16) }
        { Export-MapSlice @given } | Should -Throw -ErrorId "$Id,*"
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'writes MapFileExists for a picture that exists, unless -Force is given' {
        Set-Content "$folder/a.png" old
        { $map | Export-MapSlice "$folder/a.png" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        $map | Export-MapSlice "$folder/a.png" -Force
        (Get-Item "$folder/a.png").Length | Should -BeGreaterThan 100
    }

    It 'writes nothing with -WhatIf' {
        $map | Export-MapSlice "$folder/a.png" -WhatIf
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }
}
