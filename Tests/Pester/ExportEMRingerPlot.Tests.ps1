BeforeAll {
    . $PSScriptRoot/Common.ps1
    $model = Import-AtomicModel (New-LeucineModel "$TestDrive/leucines.pdb")
    $result = ConvertTo-CryoMap $model -Map (New-TestMap -Size 32 -VoxelSize 1) | Measure-EMRinger -Model $model
}

Describe 'Export-EMRingerPlot' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    }

    It 'writes the <_> as a picture and a table' -ForEach 'Score', 'RotamerRatio', 'Rolling' {
        $result | Export-EMRingerPlot "$folder/ringer.svg" -Curve $_ -Title 'Side chains' | Should -BeNullOrEmpty
        (Get-ChildItem $folder -Force).Name | Should -Be 'ringer.csv', 'ringer.svg'
        ([xml] (Get-Content "$folder/ringer.svg" -Raw)).svg.title | Should -Be 'Side chains'
        @(Import-Csv "$folder/ringer.csv").Count | Should -BeGreaterThan 4
    }

    It 'states the score as a title where none is given' {
        $result | Export-EMRingerPlot "$folder/ringer.svg"
        ([xml] (Get-Content "$folder/ringer.svg" -Raw)).svg.title | Should -Match 'EMRinger \d'
    }

    It 'writes PNG, and returns the score with -PassThru' {
        ($result | Export-EMRingerPlot "$folder/ringer.png" -PassThru).Score | Should -Be $result.Score
        [IO.File]::ReadAllBytes("$folder/ringer.png")[0..3] | Should -Be 0x89, 0x50, 0x4E, 0x47
    }

    It 'writes nothing with -WhatIf' {
        $result | Export-EMRingerPlot "$folder/ringer.svg" -WhatIf
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'writes <Id> for <Arguments>' -ForEach @(
        @{ Id = 'ChainNotFound'; Arguments = @{ Path = 'a.svg'; Curve = 'Rolling'; Chain = 'Z' } }
        @{ Id = 'MethodConflict'; Arguments = @{ Path = 'a.svg'; Chain = 'A' } }
        @{ Id = 'PlotFileNameUnsupported'; Arguments = @{ Path = 'a.bmp' } }
    ) {
        { $result | Export-EMRingerPlot @Arguments -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'writes MapFileExists unless -Force is given' {
        $result | Export-EMRingerPlot "$folder/ringer.svg"
        { $result | Export-EMRingerPlot "$folder/ringer.svg" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        { $result | Export-EMRingerPlot "$folder/ringer.svg" -Force -ErrorAction Stop } | Should -Not -Throw
    }
}
