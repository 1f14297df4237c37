BeforeAll {
    . $PSScriptRoot/Common.ps1
    Start-EmdbStandIn
}

AfterAll { $Server.Dispose() }

Describe 'Save-EmdbEntry' {
    BeforeEach {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'fetches what was asked for, into a folder that it makes' {
        $entry = Save-EmdbEntry EMD-5778 $folder -HalfMaps -Model -Server $Server.Address
        $entry.Id, $entry.Resolution, $entry.VoxelSize, $entry.ContourLevel | Should -Be 'EMD-5778', 3.4, 1.5, 0.25
        (Get-ChildItem $folder).Name | Should -Be '1abc_updated.cif', 'emd_5778_half_map_1.map.gz', 'emd_5778_half_map_2.map.gz', 'emd_5778.map.gz'
        (Import-CryoMap $entry.PrimaryMap).Size.X | Should -Be 24
        $entry.Mask | Should -BeNullOrEmpty
    }

    It 'takes codes from the pipeline, and the current location' {
        $null = New-Item -ItemType Directory $folder
        Push-Location $folder
        try { $entries = '5778', 'emd_2660' | Save-EmdbEntry -Server $Server.Address }
        finally { Pop-Location }
        $entries.PrimaryMap | Should -Be (Join-Path $folder emd_5778.map.gz), (Join-Path $folder emd_2660.map.gz)
    }

    It 'gives the half maps to what follows' {
        $mask = Save-EmdbEntry EMD-5778 $folder -HalfMaps -Server $Server.Address | New-CryoMask -Threshold 0
        $mask.Size.X | Should -Be 24
    }

    It 'warns of what the entry lacks' {
        $entry = Save-EmdbEntry EMD-2660 $folder -HalfMaps -Mask -Server $Server.Address -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -Be 'EMD-2660: The archive has no half maps of this entry.', 'EMD-2660: The archive has no masks of this entry.'
        $entry.HalfMap1 | Should -BeNullOrEmpty
    }

    It 'writes <Id> for <Case>, and goes on with the next entry' -ForEach @(
        @{ Id = 'ArchiveEntryNotFound'; Case = 'an entry that is not there'; Entry = 'EMD-9999'; Category = 'ObjectNotFound' }
        @{ Id = 'ArchiveEntryNotFound'; Case = 'what is no code'; Entry = 'apoferritin'; Category = 'ObjectNotFound' }
        @{ Id = 'ArchiveFileInvalid'; Case = 'a web page'; Entry = 'EMD-1111'; Category = 'InvalidData' }
    ) {
        $Server.Files['EMD-1111/header/emd-1111.xml'] = [Text.Encoding]::UTF8.GetBytes('<!DOCTYPE html><title>Maintenance</title>')
        $entries = $Entry, 'EMD-5778' | Save-EmdbEntry -Destination $folder -Server $Server.Address -ErrorVariable errors -ErrorAction SilentlyContinue
        $entries.Id | Should -Be 'EMD-5778'
        $errors[0].FullyQualifiedErrorId | Should -Be "$Id,LocalDeblur.PowerShell.Commands.SaveEmdbEntryCommand"
        $errors[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'says how to ask another server where one cannot be reached' {
        $gone = [LocalDeblur.Tests.LocalServer]::new()
        $gone.Dispose()
        $null = Save-EmdbEntry EMD-5778 $folder -Server $gone.Address -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'ArchiveUnreachable,*'
        $errors[0].Exception.Message | Should -Match 'network connection.*or ask another server \(-Server\)'
        { Save-EmdbEntry EMD-5778 $folder -Server ftp://example.org -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterOutOfRange,*'
    }

    It 'keeps another file of that name unless -Force is given' {
        $null = New-Item -ItemType Directory $folder
        Set-Content "$folder/emd_5778.map.gz" mine
        { Save-EmdbEntry EMD-5778 $folder -Server $Server.Address -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        Get-Content "$folder/emd_5778.map.gz" | Should -Be mine
        (Save-EmdbEntry EMD-5778 $folder -Server $Server.Address -Force).PrimaryMap | Import-CryoMap | Should -Not -BeNullOrEmpty
    }

    It 'asks nobody with -WhatIf' {
        $before = $Server.Requests.Count
        Save-EmdbEntry EMD-5778 $folder -Server $Server.Address -WhatIf
        $Server.Requests.Count | Should -Be $before
        $folder | Should -Not -Exist
    }
}
