BeforeAll {
    . $PSScriptRoot/Common.ps1

    $phantom = New-Phantom
    $sharp = $phantom.DrawTruth()
    $phantom.DrawHalfMap(1) | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
    $phantom.DrawHalfMap(2) | Export-CryoMap "$TestDrive/half2.map.gz" -NoHistory
    $phantom.DrawMask() | Export-CryoMap "$TestDrive/mask.mrc" -NoHistory
    $sharp | Export-CryoMap "$TestDrive/sharp.mrc" -NoHistory
}

Describe 'Export-EmdbDeposition' {
    BeforeEach {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $given = @{ Path = $folder; HalfMap1 = "$TestDrive/half1.mrc"; HalfMap2 = "$TestDrive/half2.map.gz"; Mask = "$TestDrive/mask.mrc"; EnclosedVolume = 5000 }
    }

    It 'writes the folder, with the half maps byte for byte, for a map from the pipeline' {
        $made = $sharp | Export-EmdbDeposition @given -PassThru -InformationVariable notes
        $made | Should -BeOfType ([IO.DirectoryInfo])
        (Get-ChildItem $made).Name | Should -Be 'fsc.xml', 'half1.mrc', 'half2.map.gz', 'image.png', 'mask.mrc', 'primary.map.gz', 'README.txt'
        foreach ($name in 'half1.mrc', 'half2.map.gz', 'mask.mrc') {
            (Get-FileHash "$folder/$name").Hash | Should -Be (Get-FileHash "$TestDrive/$name").Hash
        }

        (Compare-CryoMap "$folder/primary.map.gz" -Reference $sharp).MaximumDifference | Should -Be 0
        $readme = Get-Content "$folder/README.txt" -Raw
        $readme | Should -Match '(?m)^Voxel size +1\.06 Å'
        $readme | Should -Match '(?m)^Contour level +\S+, from the enclosed volume'
        $readme | Should -Not -Match ([regex]::Escape($TestDrive))
        $notes -join ' ' | Should -Match 'contour level'
    }

    It 'takes curves and a level as they are' {
        $curves = Measure-FourierShellCorrelation -HalfMap1 $given.HalfMap1 -HalfMap2 $given.HalfMap2
        $given.Remove('EnclosedVolume')
        Export-EmdbDeposition @given "$TestDrive/sharp.mrc" -Fsc $curves -Level 0.25
        Get-Content "$folder/README.txt" | Should -Contain 'Contour level             0.25, as given'
        (Measure-FourierShellCorrelation -Fsc "$folder/fsc.xml").Resolution | Should -BeLike $curves.Resolution
    }

    It 'writes <Id> for <Case>, and leaves nothing' -ForEach @(
        @{ Id = 'HalfMapsIdentical'; Case = 'the same half map twice'; More = { @{ HalfMap2 = "$TestDrive/half1.mrc" } } }
        @{ Id = 'HalfMapMismatch'; Case = 'a mask for a half map'; More = { @{ HalfMap2 = "$TestDrive/mask.mrc" } } }
        @{ Id = 'MapFileNotFound'; Case = 'a half map in memory alone'; More = { @{ HalfMap1 = $phantom.DrawHalfMap(1) } } }
        @{ Id = 'MethodConflict'; Case = 'level and volume'; More = { @{ Level = 0 } } }
        @{ Id = 'MapSizeMismatch'; Case = 'a map of another box'; More = { @{ Map = New-TestMap -Size 24 } } }
    ) {
        $given.Map = "$TestDrive/sharp.mrc"
        $more = & $More
        $more.Keys | ForEach-Object { $given[$_] = $more[$_] }
        { Export-EmdbDeposition @given -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
        $folder | Should -Not -Exist
        Get-ChildItem $TestDrive -Force -Filter '.localdeblur*' | Should -BeNullOrEmpty
    }

    It 'says how to accept what it refuses, and that it was accepted' {
        $given.HalfMap2 = $given.HalfMap1
        $null = Export-EmdbDeposition @given $sharp -ErrorVariable refused -ErrorAction SilentlyContinue
        "$($refused[0])" | Should -Match '\(-AcceptHalfMaps\)'
        Export-EmdbDeposition @given $sharp -AcceptHalfMaps -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings -join ' ' | Should -Match 'Accepted'
        Get-Content "$folder/README.txt" -Raw | Should -Match 'Accepted though a check refused them'
        "$folder/fsc.xml" | Should -Not -Exist
    }

    It 'replaces a deposition with -Force alone, and another folder never' {
        Export-EmdbDeposition @given $sharp
        { Export-EmdbDeposition @given $sharp -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        { Export-EmdbDeposition @given $sharp -Force -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        Export-EmdbDeposition @given $sharp -Force
        Set-Content "$folder/mine.txt" mine
        { Export-EmdbDeposition @given $sharp -Force -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        Get-Content "$folder/mine.txt" | Should -Be mine
    }

    It 'writes nothing with -WhatIf' {
        Export-EmdbDeposition @given $sharp -WhatIf
        $folder | Should -Not -Exist
    }
}
