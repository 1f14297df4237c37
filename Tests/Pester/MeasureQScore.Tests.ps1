BeforeAll {
    . $PSScriptRoot/Common.ps1
    $file = New-LeucineModel "$TestDrive/leucines.pdb"
    $model = Import-AtomicModel $file
    $density = ConvertTo-CryoMap $model -Map (New-TestMap -Size 32 -VoxelSize 1)
    $density | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
    $density | Export-CryoMap "$TestDrive/b.mrc" -NoHistory
}

Describe 'Measure-QScore' {
    It 'scores every atom, residue and chain' {
        $result = Measure-QScore -Model $model -Map $density
        $result.Atoms.Count | Should -Be 64
        $result.Residues.Count | Should -Be 8
        $result.Chains.Count | Should -Be 1
        $result.Mean | Should -BeGreaterThan 0.5
        [math]::Abs($result.Mean - ($result.Atoms.Q | Measure-Object -Average).Average) | Should -BeLessThan 1e-12
        $result.Expected | Should -BeNullOrEmpty
    }

    It 'states the expected score of a resolution' {
        $result = Measure-QScore $density $model -Resolution 3
        [math]::Abs($result.Expected - (1.1192 - 0.1775 * 3)) | Should -BeLessThan 1e-12
        $result.Resolution | Should -Be 3
    }

    It 'tells a map before and after apart, and shows atoms as a table' {
        $results = $density, (Invoke-BFactorSharpening $density -BFactor -20 -Resolution 3) | Measure-QScore -Model $model
        $results.Map | Should -Be $density.Name, "$($density.Name): BFactorSharpening"
        $results[0].Atoms | Out-String | Should -Match 'Chain +Residue +Number +Atom +Q'
    }

    It 'takes maps and models through the pipeline' {
        ("$TestDrive/a.mrc", "$TestDrive/b.mrc" | Measure-QScore -Model $file).Map | Should -Be 'a.mrc', 'b.mrc'
        (Import-CryoMap "$TestDrive/?.mrc" | Measure-QScore -Model $model).Map | Should -Be 'a.mrc', 'b.mrc'
        ($model | Measure-QScore -Map "$TestDrive/a.mrc").Model | Should -Be 'leucines.pdb'
    }

    It 'gives the same for any number of threads' {
        (Measure-QScore $density $model -Threads 1).Mean | Should -Be (Measure-QScore $density $model -Threads 2).Mean
    }

    It 'writes InsufficientMemory above -MemoryLimit' {
        { Measure-QScore $density $model -MemoryLimit 1KB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*' -ExpectedMessage '*-MemoryLimit*'
    }

    It 'writes MapWithoutSignal for a map of one value and goes on' {
        $results = (New-SlabMap -Size 32 -VoxelSize 1 -Inside 0), $density | Measure-QScore -Model $model -ErrorVariable failure -ErrorAction SilentlyContinue
        @($results).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapWithoutSignal,*'
    }

    It 'refuses a resolution out of range' {
        { Measure-QScore $density $model -Resolution 0.1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'shows scores with units and no list of atoms' {
        $text = Measure-QScore $density $model -Resolution 3 | Out-String
        $text | Should -Match 'Expected Q'
        $text | Should -Match 'Resolution \(Å\)'
        $text | Should -Not -Match 'QScoreAtom'
    }

    It 'agrees with the published rule' {
        $map = Get-ReferenceFile orc80n6/full.mrc.gz
        [math]::Abs((Measure-QScore $map (Get-ReferenceFile orc80n6/model.pdb)).Mean - 0.6144241935483871) | Should -BeLessThan 1e-4
    }
}
