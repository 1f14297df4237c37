BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-Phantom
    $half1 = $phantom.DrawHalfMap(1)
    $half2 = $phantom.DrawHalfMap(2)
    $mask = $phantom.DrawMask()
    $result = $half1, $half2 | Measure-FourierShellCorrelation -Mask $mask
}

Describe 'Export-FscTable' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    }

    It 'writes <_>, which Measure-FourierShellCorrelation -Fsc reads back' -ForEach 'fsc.csv', 'fsc.star', 'FSC.XML' {
        $result | Export-FscTable "$folder/$_" | Should -BeNullOrEmpty
        (Get-ChildItem $folder -Force).Name | Should -Be $_
        $read = Measure-FourierShellCorrelation -Fsc "$folder/$_"
        $read.Resolution | Should -Be $result.Resolution
        $read.Final.Curve | Should -Be 'Corrected'
        $read.Shells.Count | Should -Be $result.Shells.Count
    }

    It 'writes all of postprocess.star from Invoke-BFactorSharpening -All' {
        $half1 | Export-CryoMap "$folder/half1.mrc" -NoHistory
        $half2 | Export-CryoMap "$folder/half2.mrc" -NoHistory
        Push-Location $folder
        try {
            $found = Invoke-BFactorSharpening -HalfMap1 half1.mrc -HalfMap2 half2.mrc -All
            $found.Map | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
            $found | Export-FscTable postprocess.star
        }
        finally { Pop-Location }
        $text = Get-Content "$folder/postprocess.star" -Raw
        $text | Should -Match '(?m)^_rlnUnfilteredMapHalf1\s+half1\.mrc$'
        $text | Should -Match '(?m)^data_guinier$'
        $text | Should -Match "(?m)^_rlnBfactorUsedForSharpening\s+$([regex]::Escape($found.BFactor.ToString('R', [cultureinfo]::InvariantCulture)))$"
    }

    It 'takes a result that has the curves as its Fsc' {
        [pscustomobject] @{ Fsc = $result } | Export-FscTable "$folder/fsc.csv" -PassThru | Should -Be $result
    }

    It 'writes nothing with -WhatIf' {
        $result | Export-FscTable "$folder/fsc.star" -WhatIf
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'writes MapFileExists for a table that exists, unless -Force is given' {
        Set-Content "$folder/fsc.xml" old
        { $result | Export-FscTable "$folder/fsc.xml" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        { $result | Export-FscTable "$folder/fsc.xml" -Force -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        Get-Content "$folder/fsc.xml" | Should -Be 'old'
        $result | Export-FscTable "$folder/fsc.xml" -Force
        ([xml] (Get-Content "$folder/fsc.xml" -Raw)).fsc.coordinate.Count | Should -Be ($result.Shells.Count - 1)
    }

    It 'takes brackets literally with -LiteralPath, and as wildcards with -Path' {
        $result | Export-FscTable -LiteralPath "$folder/fsc[1].csv"
        Test-Path -LiteralPath "$folder/fsc[1].csv" | Should -BeTrue
        { $result | Export-FscTable "$folder/fsc[2].csv" } | Should -Throw -ErrorId 'TargetPatternUnresolved,*'
    }

    It 'ends the call with TableFileNameUnsupported for <_>' -ForEach 'fsc.txt', 'fsc' {
        { $result | Export-FscTable "$folder/$_" } | Should -Throw -ErrorId 'TableFileNameUnsupported,*'
    }

    It 'writes PlotTargetRepeated for a second result' {
        { $result, $result | Export-FscTable "$folder/fsc.csv" -Force -ErrorAction Stop } | Should -Throw -ErrorId 'PlotTargetRepeated,*'
    }

    It 'completes tables' {
        $null = New-Item "$folder/one.star", "$folder/two.mrc"
        $line = "Export-FscTable $folder/"
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ListItemText | Should -Be 'one.star'
    }
}

Describe 'Measure-FourierShellCorrelation -Fsc' {
    It 'returns curves in memory as they are' {
        Measure-FourierShellCorrelation -Fsc $result | Should -Be $result
    }

    It 'writes <Id> for <Case>' -ForEach @(
        @{ Id = 'MapFileNotFound'; Case = 'a file that is not there'; Call = { Measure-FourierShellCorrelation -Fsc "$TestDrive/none.star" } }
        @{
            Id = 'FscTableInvalid'
            Case = 'a STAR file of something else'
            Call = { Set-Content "$TestDrive/no.star" 'data_particles'; Measure-FourierShellCorrelation -Fsc "$TestDrive/no.star" }
        }
        @{ Id = 'MethodConflict'; Case = 'a seed'; Call = { Measure-FourierShellCorrelation -Fsc $result -Seed 2 } }
    ) {
        $Call | Should -Throw -ErrorId "$Id,*"
    }
}
