BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-Phantom 48
    $map = $phantom.DrawHalfMap(1)
    $truth = $phantom.DrawTruth()
    $mask = $phantom.DrawMask()
    $small = @{ Mask = $mask; WindowVoxels = 10; WarningAction = 'Ignore' }
    $model = New-SixAtomModel "$TestDrive/model.pdb" -Origin $map.Origin -Edge (48 * $map.VoxelSize)
}

Describe 'Invoke-LocScale' {
    It 'scales a map to a reference map' {
        $scaled = $map | Invoke-LocScale -Reference $truth @small
        $scaled | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        $scaled.Grid | Should -Be $map.Grid
        $scaled.History[-1].Step | Should -Be 'LocScale'
        $scaled.History[-1].Figures.WindowVoxels | Should -Be 10
        $scaled.History[-1].Figures.ScaledVoxels | Should -BeGreaterThan 0
        $scaled.GetVoxel(0, 0, 0) | Should -Be 0
        ($scaled | Compare-CryoMap -Reference $truth -Mask $mask).Correlation | Should -BeGreaterThan 0.5
    }

    It 'scales to a model, and states how it was drawn' {
        $scaled = Invoke-LocScale $map -Model $model @small -BFactor 60 -Blur 20 -Resolution 4
        $scaled.History[-1].Parameters.Reference | Should -Be $model
        $scaled.History[-1].Parameters.ReferenceDensity | Should -Match 'B factor of 60 Å².*blur of 20 Å².*4 Å'
        (Invoke-LocScale $map -Model $model @small).History[-1].Parameters.ReferenceDensity | Should -Match 'B factors of the model'
    }

    It 'equals scaling to the density that ConvertTo-CryoMap draws' {
        $density = ConvertTo-CryoMap $model -Map $map -Resolution (2 * $map.VoxelSize) -WarningAction Ignore
        $one = Invoke-LocScale $map -Reference $density @small
        $two = Invoke-LocScale $map -Model (Import-AtomicModel $model) @small
        ($one | Compare-CryoMap -Reference $two).MaximumDifference | Should -Be 0
    }

    It 'follows Invoke-LocalDeblur in a pipeline' {
        $scaled = $map | Invoke-LocalDeblur -LocalResolution $phantom.DrawLocalResolution() -MaximumIterations 2 -WarningAction Ignore | Invoke-LocScale -Model $model @small
        $scaled.History.Step | Select-Object -Last 2 | Should -Be 'LocalDeblur', 'LocScale'
    }

    It 'makes every map a job of its own, and goes on after one that fails' {
        $results = $map, (New-TestMap -Size 32 -VoxelSize $map.VoxelSize), $map | Invoke-LocScale -Reference $truth @small -ErrorVariable failure -ErrorAction SilentlyContinue
        @($results).Count | Should -Be 2
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapSizeMismatch,*'
        $failure.TargetObject | Should -BeOfType string
    }

    It 'keeps the place in space and takes files in the current location' {
        $grid = New-TestMap -Size 24 -VoxelSize 1.5 -Origin 12.5, -3, 40
        $grid | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
        $inside = [float[]]::new(24 * 24 * 24)
        [array]::Fill($inside, [float] 1)
        [LocalDeblur.Maps.CryoMap]::new($grid.Grid, $inside, 'mask.mrc') | Export-CryoMap "$TestDrive/mask.mrc" -NoHistory
        Push-Location $TestDrive
        try { Get-Item a.mrc | Invoke-LocScale -Reference a.mrc -Mask ./mask.mrc -WindowVoxels 8 -WarningAction Ignore | Export-CryoMap b.mrc }
        finally { Pop-Location }
        "$((Import-CryoMap "$TestDrive/b.mrc").Origin)" | Should -Be '12.5, -3, 40'
    }

    It 'follows Invoke-LocalDeblur without a mask, which it makes by itself' {
        $both = $map | Invoke-LocalDeblur -MaximumIterations 1 -WarningAction Ignore | Invoke-LocScale -Reference $truth -WindowVoxels 10 -WarningAction Ignore
        $both.History.Step | Select-Object -Last 3 | Should -Be 'LocalDeblur', 'Mask', 'LocScale'
        $made = $map | New-CryoMask -WarningAction Ignore
        $byItself = Invoke-LocScale $map -Reference $truth -WindowVoxels 10 -WarningAction Ignore
        (Invoke-LocScale $map -Reference $truth -Mask $made -WindowVoxels 10 -WarningAction Ignore | Compare-CryoMap -Reference $byItself).MaximumDifference | Should -Be 0
    }

    It 'warns of a reference that is not in the map' {
        $reference = New-TestMap 48 -VoxelSize $map.VoxelSize -Origin $map.Origin.X, $map.Origin.Y, $map.Origin.Z
        $null = Invoke-LocScale $map -Reference $reference -Mask $mask -WindowVoxels 10 -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings -join "`n" | Should -Match 'hardly correlate'
    }

    It 'gives the same result for any number of threads' {
        $one, $two = 1, 2 | ForEach-Object { Invoke-LocScale $map -Reference $truth @small -Threads $_ }
        ($one | Compare-CryoMap -Reference $two).MaximumDifference | Should -Be 0
    }

    It 'ends the call with <Id> for <Case>' -ForEach @(
        @{ Id = 'AmbiguousParameterSet'; Case = 'a model and a reference'; Call = { Invoke-LocScale $map -Model $model -Reference $truth @small } }
        @{ Id = 'ModelFileNotFound'; Case = 'a model that does not exist'; Call = { Invoke-LocScale $map -Model "$TestDrive/none.pdb" @small } }
        @{ Id = 'MapFileNotFound'; Case = 'a mask that does not exist'; Call = { Invoke-LocScale $map -Reference $truth -Mask "$TestDrive/none.mrc" } }
        @{ Id = 'ParameterArgumentValidationError'; Case = 'a window of two voxels'; Call = { Invoke-LocScale $map -Reference $truth -Mask $mask -WindowVoxels 2 } }
        @{ Id = 'ParameterArgumentValidationError'; Case = 'a negative B factor'; Call = { Invoke-LocScale $map -Model $model @small -BFactor -60 } }
    ) {
        $Call | Should -Throw -ErrorId "$Id,*"
    }

    It 'writes <Id> for <Case>' -ForEach @(
        @{ Id = 'ParameterOutOfRange'; Case = 'a window larger than the box'; Parameters = { @{ Reference = $truth; Mask = $mask; WindowVoxels = 60 } } }
        @{
            Id = 'MaskEmpty'; Case = 'a mask of zeros'
            Parameters = { @{ Reference = $truth; Mask = [LocalDeblur.Maps.CryoMap]::new($map.Grid, [float[]]::new(48 * 48 * 48), 'zeros') } }
        }
        @{ Id = 'ModelOutsideMap'; Case = 'a model elsewhere'; Parameters = { @{ Model = (New-SixAtomModel "$TestDrive/far.pdb" -Origin 900, 900, 900 -Edge 40); Mask = $mask } } }
        @{ Id = 'ParameterOutOfRange'; Case = 'a resolution beyond Nyquist'; Parameters = { @{ Model = $model; Mask = $mask; Resolution = 0.5 } } }
        @{ Id = 'InsufficientMemory'; Case = 'a small -MemoryLimit'; Parameters = { @{ Reference = $truth; Mask = $mask; MemoryLimit = 1KB } } }
    ) {
        $given = & $Parameters
        { Invoke-LocScale $map @given -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'stops quietly for Select-Object -First' {
        $first = $map, $map, $map | Invoke-LocScale -Reference $truth @small -ErrorVariable failure | Select-Object -First 1
        @($first).Count | Should -Be 1
        $failure | Should -BeNullOrEmpty
    }

    It 'equals the published core (LocScale 2.3.1.post4) with -Averaging Octant' {
        $files = 'full.mrc.gz', 'truth.mrc.gz', 'maskbin.mrc.gz', 'locscale_core.mrc.gz' | ForEach-Object { Get-ReferenceFile "orc80n6/$_" }
        $octant = Invoke-LocScale $files[0] -Reference $files[1] -Mask $files[2] -WindowVoxels 26 -Averaging Octant
        ($octant | Compare-CryoMap -Reference $files[3] -Mask $files[2]).RelativeRmsDifference | Should -BeLessThan 1e-5
        $full = Invoke-LocScale $files[0] -Reference $files[1] -Mask $files[2] -WindowVoxels 26
        ($full | Compare-CryoMap -Reference $files[3] -Mask $files[2]).Correlation | Should -BeGreaterThan 0.998
    }
}
