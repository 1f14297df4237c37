BeforeAll {
    . $PSScriptRoot/Common.ps1
    $result = (New-TestMap -Size 32 -Seed 1), (New-TestMap -Size 32 -Seed 2) | Measure-FourierShellCorrelation
}

Describe 'Export-FscPlot' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    }

    It 'writes an SVG picture and its table' {
        $result | Export-FscPlot "$folder/fsc.svg" -Title 'Half maps' | Should -BeNullOrEmpty
        (Get-ChildItem $folder -Force).Name | Should -Be 'fsc.csv', 'fsc.svg'
        ([xml] (Get-Content "$folder/fsc.svg" -Raw)).svg.title | Should -Be 'Half maps'
        $rows = Import-Csv "$folder/fsc.csv"
        $rows.Count | Should -Be $result.Shells.Count
        [double]::Parse($rows[5].fsc_unmasked, [cultureinfo]::InvariantCulture) | Should -Be $result.Shells[5].Unmasked
    }

    It 'writes a PNG picture of the same' {
        $result | Export-FscPlot "$folder/fsc.PNG"
        [IO.File]::ReadAllBytes("$folder/fsc.PNG")[0..3] | Should -Be 0x89, 0x50, 0x4E, 0x47
        "$folder/fsc.csv" | Should -Exist
    }

    It 'states the resolution as a title where none is given' {
        $result | Export-FscPlot "$folder/fsc.svg"
        ([xml] (Get-Content "$folder/fsc.svg" -Raw)).svg.title | Should -Match 'Å \(FSC 0\.143'
    }

    It 'follows the current location' {
        Push-Location $folder
        try { $result | Export-FscPlot ./a.svg }
        finally { Pop-Location }
        "$folder/a.svg" | Should -Exist
    }

    It 'takes brackets literally with -<_>, and as wildcards with -Path' -ForEach 'LiteralPath', 'PSPath', 'LP' {
        $target = @{ $_ = "$folder/fsc[1].svg" }
        $result | Export-FscPlot @target
        Test-Path -LiteralPath "$folder/fsc[1].svg" | Should -BeTrue
        { $result | Export-FscPlot "$folder/fsc[2].svg" } | Should -Throw -ErrorId 'TargetPatternUnresolved,*'
    }

    It 'writes nothing with -WhatIf' {
        $result | Export-FscPlot "$folder/fsc.svg" -WhatIf
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'writes MapFileExists for <_> that exists, unless -Force is given' -ForEach 'fsc.svg', 'fsc.csv' {
        Set-Content "$folder/$_" old
        { $result | Export-FscPlot "$folder/fsc.svg" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        { $result | Export-FscPlot "$folder/fsc.svg" -Force -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        Get-Content "$folder/$_" | Should -Be 'old'
        $result | Export-FscPlot "$folder/fsc.svg" -Force
        (Get-Content "$folder/$_" -Raw).Trim() | Should -Not -Be 'old'
    }

    It 'returns what it plotted with -PassThru' {
        $result | Export-FscPlot "$folder/fsc.svg" -PassThru | Should -Be $result
    }

    It 'takes a result that has the curves as its Fsc, as of Measure-MapModelFit' {
        [pscustomobject] @{ Fsc = $result } | Export-FscPlot "$folder/fsc.svg" -PassThru | Should -Be $result
    }

    It 'ends the call with PlotFileNameUnsupported for <_>' -ForEach 'fsc.pdf', 'fsc' {
        { $result | Export-FscPlot "$folder/$_" } | Should -Throw -ErrorId 'PlotFileNameUnsupported,*'
    }

    It 'writes PlotTargetRepeated for a second result, even with -Force' {
        { $result, $result | Export-FscPlot "$folder/fsc.svg" -Force -ErrorAction Stop } | Should -Throw -ErrorId 'PlotTargetRepeated,*'
    }

    It 'writes numbers with a point in every culture' {
        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = 'de-DE'
        try { $result | Export-FscPlot "$folder/fsc.svg" }
        finally { [cultureinfo]::CurrentCulture = $culture }
        [double]::Parse((Import-Csv "$folder/fsc.csv")[5].fsc_unmasked, [cultureinfo]::InvariantCulture) | Should -Be $result.Shells[5].Unmasked
    }

    It 'completes pictures' {
        $null = New-Item "$folder/one.png", "$folder/two.mrc"
        $line = "Export-FscPlot $folder/"
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ListItemText | Should -Be 'one.png'
    }
}
