BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Export-CryoMap' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    }

    It 'writes a map that reads back the same' {
        $map = New-TestMap -Origin 12.5, -3, 40
        $map | Export-CryoMap "$folder/out.mrc" | Should -BeNullOrEmpty
        $back = Import-CryoMap "$folder/out.mrc"
        ($back | Compare-CryoMap -Reference $map).RelativeRmsDifference | Should -Be 0
        "$($back.Origin)" | Should -Be '12.5, -3, 40'
        (Get-CryoMapReport "$folder/out.mrc").Findings | Should -BeNullOrEmpty
    }

    It 'leaves nothing but the map and its history' {
        New-TestMap | Export-CryoMap "$folder/out.mrc"
        (Get-ChildItem $folder -Force).Name | Should -Be 'out.history.json', 'out.mrc'
    }

    It 'leaves the history out with -NoHistory' {
        New-TestMap | Export-CryoMap "$folder/out.mrc" -NoHistory
        (Get-ChildItem $folder -Force).Name | Should -Be 'out.mrc'
    }

    It 'writes half precision' {
        New-TestMap | Export-CryoMap "$folder/out.mrc" -Mode Float16
        (Get-CryoMapHeader "$folder/out.mrc").Mode | Should -Be 'Float16'
        (Import-CryoMap "$folder/out.mrc" | Compare-CryoMap -Reference (New-TestMap)).RelativeRmsDifference | Should -BeLessThan 1e-3
    }

    It 'packs by the name' {
        New-TestMap | Export-CryoMap "$folder/out.mrc.gz"
        (Get-CryoMapHeader "$folder/out.mrc.gz").Compression | Should -Be 'Gzip'
    }

    It 'gives each map its own name in an existing folder' {
        (New-TestMap -Name a.mrc), (New-TestMap -Name b.map) | Export-CryoMap $folder -NoHistory
        (Get-ChildItem $folder).Name | Should -Be 'a.mrc', 'b.map'
    }

    It 'gives a map whose name is no file name the suffix .mrc in a folder' {
        (New-TestMap -Name phantom-half1), (New-TestMap -Name map.v2) | Export-CryoMap $folder -NoHistory
        (Get-ChildItem $folder).Name | Should -Be 'map.v2.mrc', 'phantom-half1.mrc'
    }

    It 'makes the folder of a path that ends in a separator' {
        (New-TestMap -Name a.mrc), (New-TestMap -Name b.mrc) | Export-CryoMap "$folder/new/sub/" -NoHistory
        (Get-ChildItem "$folder/new/sub").Name | Should -Be 'a.mrc', 'b.mrc'
    }

    It 'writes MapFileExists and leaves the old file, with or without -NoClobber' {
        New-TestMap -Seed 1 | Export-CryoMap "$folder/out.mrc" -NoHistory
        $hash = (Get-FileHash "$folder/out.mrc").Hash
        { New-TestMap -Seed 2 | Export-CryoMap "$folder/out.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        { New-TestMap -Seed 2 | Export-CryoMap "$folder/out.mrc" -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        { New-TestMap -Seed 2 | Export-CryoMap "$folder/out.mrc" -NoClobber -Force -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        (Get-FileHash "$folder/out.mrc").Hash | Should -Be $hash
    }

    It 'replaces with -Force' {
        New-TestMap -Seed 1 | Export-CryoMap "$folder/out.mrc"
        New-TestMap -Seed 2 | Export-CryoMap "$folder/out.mrc" -Force
        (Import-CryoMap "$folder/out.mrc").GetVoxel(0, 0, 0) | Should -Be (New-TestMap -Seed 2).GetVoxel(0, 0, 0)
    }

    It 'replaces the very file a map comes from' {
        New-TestMap | Export-CryoMap "$folder/out.mrc"
        Import-CryoMap "$folder/out.mrc" | Export-CryoMap "$folder/out.mrc" -Force
        (Import-CryoMap "$folder/out.mrc").GetVoxel(0, 0, 0) | Should -Be (New-TestMap).GetVoxel(0, 0, 0)
    }

    It 'writes MapTargetRepeated for a second map to one file, even with -Force' {
        (New-TestMap -Name a.mrc -Seed 1), (New-TestMap -Name b.mrc -Seed 2) |
            Export-CryoMap "$folder/out.mrc" -Force -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapTargetRepeated,*'
        $failure.TargetObject | Should -BeOfType string
        (Import-CryoMap "$folder/out.mrc").GetVoxel(0, 0, 0) | Should -Be (New-TestMap -Seed 1).GetVoxel(0, 0, 0)
    }

    It 'writes nothing with -WhatIf, not even a folder' {
        New-TestMap | Export-CryoMap "$folder/out.mrc" -WhatIf
        New-TestMap | Export-CryoMap "$folder/sub/" -WhatIf
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'asks with -Confirm' {
        # A child without a console cannot answer, and PowerShell says so: the question was asked, and nothing was written.
        $output = Invoke-Child "Import-Module '$env:LOCALDEBLUR_MODULE'; Import-CryoMap '$Lobes/map.mrc.gz' | Export-CryoMap '$folder/out.mrc' -Confirm"
        $output -join "`n" | Should -Match 'NonInteractive'
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'returns the maps with -PassThru' {
        $map = New-TestMap
        [object]::ReferenceEquals(($map | Export-CryoMap "$folder/out.mrc" -PassThru), $map) | Should -BeTrue
    }

    It 'takes a path or a file as the map' {
        New-TestMap | Export-CryoMap "$folder/a.mrc" -NoHistory
        Export-CryoMap "$folder/b.mrc" -Map "$folder/a.mrc" -NoHistory
        Get-Item "$folder/a.mrc" | Export-CryoMap "$folder/c.mrc.gz" -NoHistory
        Export-CryoMap "$folder/d.mrc" -InputObject "$folder/a.mrc" -NoHistory
        (Get-ChildItem $folder).Name | Should -Be 'a.mrc', 'b.mrc', 'c.mrc.gz', 'd.mrc'
    }

    It 'follows the current location' {
        Push-Location $folder
        try { New-TestMap | Export-CryoMap here.mrc -NoHistory }
        finally { Pop-Location }
        "$folder/here.mrc" | Should -Exist
    }

    It 'takes brackets literally with -<_>' -ForEach 'LiteralPath', 'PSPath', 'LP' {
        $target = @{ $_ = "$folder/a[1].mrc" }
        New-TestMap | Export-CryoMap @target -NoHistory
        Test-Path -LiteralPath "$folder/a[1].mrc" | Should -BeTrue
        New-TestMap | Export-CryoMap -LiteralPath "$folder/[sub]/" -NoHistory
        Test-Path -LiteralPath "$folder/[sub]/test.mrc" | Should -BeTrue
    }

    It 'takes the map by position beside -LiteralPath' {
        Export-CryoMap -LiteralPath "$folder/a.mrc" (New-TestMap) -NoHistory
        "$folder/a.mrc" | Should -Exist
    }

    It 'writes to what wildcards in -Path match, if it is one' {
        $null = New-Item -ItemType Directory "$folder/run1"
        New-TestMap | Export-CryoMap "$folder/run?" -NoHistory
        "$folder/run1/test.mrc" | Should -Exist
        New-TestMap -Seed 2 | Export-CryoMap "$folder/run1/t*.mrc" -NoHistory -Force
        (Import-CryoMap "$folder/run1/test.mrc").GetVoxel(0, 0, 0) | Should -Be (New-TestMap -Seed 2).GetVoxel(0, 0, 0)
    }

    It 'refuses wildcards that match nothing, or two things, as Export-Csv does' {
        { New-TestMap | Export-CryoMap "$folder/a[1].mrc" } | Should -Throw -ErrorId 'TargetPatternUnresolved,*' -ExpectedMessage '*-LiteralPath*'
        $null = New-Item -ItemType Directory "$folder/run1", "$folder/run2"
        { New-TestMap | Export-CryoMap "$folder/run*" } | Should -Throw -ErrorId 'TargetPatternUnresolved,*' -ExpectedMessage '*matches 2*'
        Get-ChildItem $folder -Recurse -File | Should -BeNullOrEmpty
    }

    It 'refuses a path outside the file system' {
        { New-TestMap | Export-CryoMap env:map } | Should -Throw -ErrorId 'MapPathUnsupported,*'
    }

    It 'writes MapFileInaccessible for a folder that does not exist' {
        { New-TestMap | Export-CryoMap "$folder/none/out.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileInaccessible,*'
    }

    It 'writes MapFileNameUnsupported for a name that is not one of a map' {
        { New-TestMap | Export-CryoMap "$folder/out.txt" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNameUnsupported,*'
    }

    It 'goes on after a map that cannot be written' {
        New-TestMap -Name a.mrc | Export-CryoMap "$folder/" -NoHistory
        (New-TestMap -Name a.mrc), (New-TestMap -Name b.mrc) | Export-CryoMap $folder -NoHistory -ErrorVariable failure -ErrorAction SilentlyContinue
        @($failure).Count | Should -Be 1
        "$folder/b.mrc" | Should -Exist
    }
}
