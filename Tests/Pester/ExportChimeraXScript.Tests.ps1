BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Export-ChimeraXScript' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        New-TestMap -Size 24 | Export-CryoMap "$folder/sharp map.mrc" -NoHistory
        New-SlabMap -Size 24 -Outside 8 | Export-CryoMap "$folder/filled.mrc" -NoHistory
    }

    It 'writes a script with relative, quoted names, in another folder too' {
        Push-Location $folder
        try { $script = Export-ChimeraXScript view.cxc 'sharp map.mrc' -LocalResolution filled.mrc -RawMap 'sharp map.mrc' -EnclosedVolume 1000 -PassThru }
        finally { Pop-Location }
        $script.FullName | Should -Be (Join-Path $folder view.cxc)
        $lines = Get-Content $script
        $lines[1] | Should -Be 'open "sharp map.mrc" id 1'
        $lines | Should -Contain 'open "filled.mrc" id 2'
        $lines -match '^color sample #1 map #2 palette "6,#440154:' | Should -HaveCount 1
    }

    It 'takes a level as it is' {
        Export-ChimeraXScript "$folder/view.cxc" "$folder/sharp map.mrc" -Level 0.25
        Get-Content "$folder/view.cxc" | Should -Contain 'volume #1 style surface step 1 level 0.25'
    }

    It 'writes <Id> for <Case>' -ForEach @(
        @{ Id = 'MapFileNotFound'; Case = 'a map in memory alone'; Arguments = { @{ Map = New-TestMap -Size 24; Level = 0 } } }
        @{ Id = 'MethodConflict'; Case = 'level and volume'; Arguments = { @{ Level = 0; EnclosedVolume = 5 } } }
        @{ Id = 'ParameterOutOfRange'; Case = 'a volume beyond the box'; Arguments = { @{ EnclosedVolume = 1e9 } } }
        @{ Id = 'PlotFileNameUnsupported'; Case = 'another suffix'; Arguments = { @{ Path = "$folder/a.py" } } }
    ) {
        $given = @{ Path = "$folder/b.cxc"; Map = "$folder/sharp map.mrc"; ErrorAction = 'Stop' }
        $more = & $Arguments
        $more.Keys | ForEach-Object { $given[$_] = $more[$_] }
        { Export-ChimeraXScript @given } | Should -Throw -ErrorId "$Id,*"
        "$folder/b.cxc" | Should -Not -Exist
    }

    It 'writes MapFileExists for a script that exists, unless -Force is given' {
        Set-Content "$folder/view.cxc" old
        { Export-ChimeraXScript "$folder/view.cxc" "$folder/sharp map.mrc" -Level 0 -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        Export-ChimeraXScript "$folder/view.cxc" "$folder/sharp map.mrc" -Level 0 -Force
        (Get-Content "$folder/view.cxc").Count | Should -BeGreaterThan 2
    }

    It 'writes nothing with -WhatIf' {
        Export-ChimeraXScript "$folder/view.cxc" "$folder/sharp map.mrc" -WhatIf
        "$folder/view.cxc" | Should -Not -Exist
    }
}
