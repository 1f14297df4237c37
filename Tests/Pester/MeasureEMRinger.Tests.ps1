BeforeAll {
    . $PSScriptRoot/Common.ps1
    $file = New-LeucineModel "$TestDrive/leucines.pdb"
    $model = Import-AtomicModel $file
    $density = ConvertTo-CryoMap $model -Map (New-TestMap -Size 32 -VoxelSize 1)
    $density | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
    $density | Export-CryoMap "$TestDrive/b.mrc" -NoHistory
}

Describe 'Measure-EMRinger' {
    It 'finds the side chains of a model in its own density' {
        $result = Measure-EMRinger -Model $model -Map $density
        $result.ScoredResidues | Should -Be 8
        $result.Residues.Count | Should -Be 8
        $result.RotamerRatio | Should -Be 1
        $result.Score | Should -BeGreaterThan 3
        $result.Threshold | Should -BeGreaterThan 0
        $result.Residues[0].Chi1 | Should -BeGreaterThan 294.9
        $result.Residues[0].Chi1 | Should -BeLessThan 295.1
        $result.Model | Should -Be 'leucines.pdb'
    }

    It 'takes paths and files by name' {
        (Measure-EMRinger -Model $file -Map "$TestDrive/a.mrc").Map | Should -Be 'a.mrc'
        (Measure-EMRinger (Get-Item "$TestDrive/a.mrc") (Get-Item $file)).Map | Should -Be 'a.mrc'
    }

    It 'gives a row for each map that is piped in' {
        $results = Import-CryoMap "$TestDrive/a.mrc", "$TestDrive/b.mrc" | Measure-EMRinger -Model $file
        $results.Map | Should -Be 'a.mrc', 'b.mrc'
        ("$TestDrive/a.mrc", "$TestDrive/b.mrc" | Measure-EMRinger -Model $model).Map | Should -Be 'a.mrc', 'b.mrc'
        (Get-ChildItem $TestDrive -Filter *.mrc | Measure-EMRinger -Model $model).Map | Should -Be 'a.mrc', 'b.mrc'
    }

    It 'gives a row for each model that is piped in, and each map' {
        $other = New-LeucineModel "$TestDrive/other.pdb" -Edge 1 -From 12
        $results = Import-AtomicModel $file, $other | Measure-EMRinger -Map "$TestDrive/a.mrc", "$TestDrive/b.mrc"
        $results.Model | Should -Be 'leucines.pdb', 'leucines.pdb', 'other.pdb', 'other.pdb'
        $results.Map | Should -Be 'a.mrc', 'b.mrc', 'a.mrc', 'b.mrc'
        ($file, $other | Measure-EMRinger -Map $density).Model | Should -Be 'leucines.pdb', 'other.pdb'
        (Get-Item $file, $other | Measure-EMRinger -Map $density).Model | Should -Be 'leucines.pdb', 'other.pdb'
    }

    It 'rolls a window of the reach that is asked for' {
        (Measure-EMRinger $density $model -WindowReach 0).Windows.Count | Should -Be 8
        (Measure-EMRinger $density $model -WindowReach 0).Windows[3].Count | Should -Be 1
        (Measure-EMRinger $density $model).Windows[3].Count | Should -Be 8
    }

    It 'writes MapFileNotFound for one map and goes on with the next' {
        $results = "$TestDrive/none.mrc", "$TestDrive/a.mrc" | Measure-EMRinger -Model $model -ErrorVariable failure -ErrorAction SilentlyContinue
        $results.Map | Should -Be 'a.mrc'
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound,*'
        $failure.TargetObject | Should -BeOfType string
    }

    It 'ends the call when its model cannot be read' {
        { $density | Measure-EMRinger -Model "$TestDrive/none.pdb" -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'ModelFileNotFound,*'
    }

    It 'writes ModelFileNotFound for one model of several and goes on' {
        $results = "$TestDrive/none.pdb", $file | Measure-EMRinger -Map $density -ErrorVariable failure -ErrorAction SilentlyContinue
        $results.Model | Should -Be 'leucines.pdb'
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelFileNotFound,*'
    }

    It 'writes ModelOutsideMap for a model elsewhere' {
        $away = New-TestMap -Size 16 -VoxelSize 1 -Origin 500, 0, 0
        { Measure-EMRinger $away $model -ErrorAction Stop } | Should -Throw -ErrorId 'ModelOutsideMap,*'
    }

    It 'shows scores with units and no list of residues' {
        $text = Measure-EMRinger $density $model | Out-String
        $text | Should -Match 'EMRinger score'
        $text | Should -Not -Match 'EMRingerResidue'
        (Measure-EMRinger $density $model).Residues | Out-String | Should -Match 'χ1 \(°\)'
    }

    It 'agrees with the published program' {
        $result = Measure-EMRinger -Model (Get-ReferenceFile orc80n6/model.pdb) -Map (Get-ReferenceFile orc80n6/full.mrc.gz) -WarningAction Ignore
        [math]::Abs($result.Score - 3.776577134227519) | Should -BeLessThan 1e-6
        [math]::Abs($result.Threshold - 0.12548154383077062) | Should -BeLessThan 1e-6
        [math]::Abs($result.RotamerRatio - 0.7352941176470589) | Should -BeLessThan 1e-9
        $result.ScoredResidues | Should -Be 36
    }
}
