BeforeAll {
    . $PSScriptRoot/Common.ps1
    $file = New-SixAtomModel "$TestDrive/model.pdb"
    $model = Import-AtomicModel $file
}

Describe 'ConvertTo-CryoMap' {
    It 'draws a model in a box of its own' {
        $map = $model | ConvertTo-CryoMap -VoxelSize 1 -Margin 5
        $map | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        $map.Name | Should -Be 'model.pdb'
        $map.VoxelSize | Should -Be 1
        $map.Origin.X | Should -BeLessOrEqual ($model.Minimum.X - 5)
        $map.Maximum | Should -BeGreaterThan 0
        $map.History[-1].Step | Should -Be 'ModelDensity'
        $map.History[-1].Figures.AtomsInside | Should -Be 6
    }

    It 'draws it on the grid of a map, at its place in space' {
        $grid = New-TestMap -Size 24, 26, 28 -VoxelSize 1 -Origin 3, 4, 5
        $map = ConvertTo-CryoMap $model $grid
        $map.Grid | Should -Be $grid.Grid
        $map | Export-CryoMap "$TestDrive/density.mrc"
        "$((Import-CryoMap "$TestDrive/density.mrc").Origin)" | Should -Be '3, 4, 5'
    }

    It 'takes paths and files for model and map, and follows the current location' {
        New-TestMap -Size 32 -VoxelSize 1 | Export-CryoMap "$TestDrive/grid.mrc" -NoHistory -Force
        Push-Location $TestDrive
        try {
            (Get-Item model.pdb | ConvertTo-CryoMap -Map grid.mrc).Size.X | Should -Be 32
            (ConvertTo-CryoMap model.pdb -Map (Get-Item grid.mrc)).Size.X | Should -Be 32
        }
        finally { Pop-Location }
    }

    It 'cuts detail off at -Resolution, and blurs with -BFactor and -Blur' {
        $sharp = ConvertTo-CryoMap $model -VoxelSize 0.5 -BFactor 20
        (ConvertTo-CryoMap $model -VoxelSize 0.5 -BFactor 20 -Blur 50).Maximum | Should -BeLessThan $sharp.Maximum
        (ConvertTo-CryoMap $model -VoxelSize 0.5 -BFactor 20 -Resolution 3).Maximum | Should -BeLessThan $sharp.Maximum
        (ConvertTo-CryoMap $model -VoxelSize 0.5 -BFactor 20 -Resolution 3).History[-1].Parameters.Resolution | Should -Be 3
    }

    It 'writes ModelOutsideMap for a model beyond the box, and goes on' {
        $far = New-TestMap -Size 8 -VoxelSize 1 -Origin 500, 0, 0
        { ConvertTo-CryoMap $model $far -ErrorAction Stop } | Should -Throw -ErrorId 'ModelOutsideMap,*'
        $maps = "$TestDrive/none.pdb", $file | ConvertTo-CryoMap -VoxelSize 1 -ErrorVariable failure -ErrorAction SilentlyContinue
        @($maps).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelFileNotFound,*'
    }

    It 'writes ParameterOutOfRange for a resolution beyond Nyquist' {
        { ConvertTo-CryoMap $model -VoxelSize 1 -Resolution 1.5 -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterOutOfRange,*'
    }

    It 'writes InsufficientMemory above -MemoryLimit' {
        { ConvertTo-CryoMap $model -VoxelSize 1 -MemoryLimit 1KB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*'
    }

    It 'refuses -NoSamplingCorrection without -Resolution' {
        { ConvertTo-CryoMap $model -VoxelSize 1 -NoSamplingCorrection } | Should -Throw -ErrorId 'ParameterNeedsAnother,*'
    }

    It 'refuses <Name> <Value>' -ForEach @(
        @{ Name = 'VoxelSize'; Value = 0 }
        @{ Name = 'BFactor'; Value = -5 }
        @{ Name = 'Margin'; Value = -1 }
    ) {
        $parameters = @{ VoxelSize = 1 }
        $parameters[$Name] = $Value
        { ConvertTo-CryoMap $model @parameters } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'gives the density of gemmi (DensityCalculatorE)' {
        $reference = Get-ReferenceFile model-density/density_file_b.mrc.gz
        $map = ConvertTo-CryoMap (Get-ReferenceFile model-density/model.pdb) $reference -Periodic -WarningAction Ignore
        ($map | Compare-CryoMap -Reference $reference).Correlation | Should -BeGreaterThan 0.9999
    }
}
