BeforeAll {
    . $PSScriptRoot/Common.ps1
    $file = New-SixAtomModel "$TestDrive/model.pdb"
    $map = New-TestMap -Size 32 -VoxelSize 1.5
    $profiles = $map, (New-TestMap -Size 32 -Name other.mrc -Seed 2) | Measure-GuinierProfile -Model $file -FitRange 10, 3.5 -WarningAction Ignore
}

Describe 'Export-GuinierPlot' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    }

    It 'writes all profiles in one picture, with their numbers beside it' {
        $profiles | Export-GuinierPlot "$folder/guinier.svg" | Should -BeNullOrEmpty
        $svg = Get-Content "$folder/guinier.svg" -Raw
        $svg | Should -Match 'Resolution \(Å\)'
        $svg | Should -Match 'stroke-dasharray'
        $columns = (Import-Csv "$folder/guinier.csv")[0].PSObject.Properties.Name
        $columns | Should -HaveCount 6
        $columns[1] | Should -Be 'model.pdb'
        $columns | Should -Contain 'test.mrc'
        $columns | Should -Contain 'other.mrc'
    }

    It 'writes a PNG by the name' {
        $profiles | Export-GuinierPlot "$folder/guinier.png"
        [IO.File]::ReadAllBytes("$folder/guinier.png")[1..3] | Should -Be 0x50, 0x4E, 0x47
    }

    It 'works at the end of a pipeline, in the current location' {
        Push-Location $folder
        try { $map | Measure-GuinierProfile | Export-GuinierPlot here.svg -Title 'A < B' }
        finally { Pop-Location }
        Get-Content "$folder/here.svg" -Raw | Should -Match 'A &lt; B'
        "$folder/here.csv" | Should -Exist
    }

    It 'takes the truth as -Model' {
        $profiles[0] | Export-GuinierPlot "$folder/guinier.svg" -Model $profiles[1] -NoAlignment
        (Import-Csv "$folder/guinier.csv")[0].PSObject.Properties.Name[1] | Should -Be 'other.mrc'
    }

    It 'tells maps of one name apart' {
        $map, $map | Measure-GuinierProfile | Export-GuinierPlot "$folder/guinier.svg"
        (Import-Csv "$folder/guinier.csv")[0].PSObject.Properties.Name | Select-Object -Skip 1 | Should -Be 'test.mrc', 'test.mrc (2)'
    }

    It 'returns the profiles with -PassThru' {
        ($profiles | Export-GuinierPlot "$folder/guinier.svg" -PassThru).Name | Should -Be $profiles.Name
    }

    It 'writes nothing with -WhatIf' {
        $profiles | Export-GuinierPlot "$folder/guinier.svg" -WhatIf
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'writes MapFileExists and leaves picture and table, unless -Force' {
        Set-Content "$folder/guinier.csv" 'mine'
        { $profiles | Export-GuinierPlot "$folder/guinier.svg" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        { $profiles | Export-GuinierPlot "$folder/guinier.svg" -Force -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        Get-Content "$folder/guinier.csv" | Should -Be 'mine'
        "$folder/guinier.svg" | Should -Not -Exist
        $profiles | Export-GuinierPlot "$folder/guinier.svg" -Force
        "$folder/guinier.svg" | Should -Exist
    }

    It 'refuses a name that is not one of a picture' {
        { $profiles | Export-GuinierPlot "$folder/guinier.pdf" } | Should -Throw -ErrorId 'PlotFileNameUnsupported,*'
    }

    It 'refuses -CoarsestResolution 10' {
        { $profiles | Export-GuinierPlot "$folder/guinier.svg" -CoarsestResolution 10 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'completes pictures' {
        $profiles | Export-GuinierPlot "$folder/tab.svg"
        $line = "Export-GuinierPlot $folder/tab"
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be 'tab.svg'
    }
}
