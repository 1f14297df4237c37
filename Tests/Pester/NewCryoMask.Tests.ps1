BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-Phantom
    $half1 = $phantom.DrawHalfMap(1)
    $half2 = $phantom.DrawHalfMap(2)
}

Describe 'New-CryoMask' {
    It 'makes a mask of the molecule, with its history' {
        $mask = New-CryoMask $half1
        $mask | Should -BeOfType ([LocalDeblur.Maps.CryoMap])
        $mask.Minimum | Should -Be 0
        $mask.Maximum | Should -Be 1
        $mask.History[-1].Step | Should -Be 'Mask'

        # Every voxel of the molecule lies inside: where the phantom's own mask is 1, so is this one, but for a few at its rim.
        $inside = New-CryoMask $half1 -SoftEdgeVoxels 0
        $inside.History[-1].Figures.InsideVoxels | Should -BeGreaterThan (0.8 * $phantom.DrawMask().Mean * 48 * 48 * 48)
    }

    It 'takes the noise from the difference of half maps' {
        $mask = New-CryoMask -HalfMap1 $half1 -HalfMap2 $half2
        @($mask).Count | Should -Be 1
        $mask.History[-1].Parameters.SecondHalfMap | Should -Be $half2.Name
    }

    It 'makes one mask for every map that is piped in, and goes on after one that fails' {
        $empty = New-SlabMap -Inside 0
        $masks = $half1, $empty, $half2 | New-CryoMask -ErrorVariable failure -ErrorAction SilentlyContinue
        @($masks).Count | Should -Be 2
        @($failure).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapWithoutSignal,*'
        $failure.TargetObject | Should -BeOfType string
    }

    It 'follows every parameter' {
        $figures = (New-CryoMask $half1 -Threshold 0.05 -LowPassResolution 8 -MinimumComponentVoxels 10 -ExtendVoxels 2 -SoftEdgeVoxels 0 -Threads 1 -MemoryLimit 1GB).History[-1]
        $figures.Parameters.Threshold | Should -Be 0.05
        $figures.Parameters.LowPassResolution | Should -Be 8
        $figures.Parameters.MinimumComponentVoxels | Should -Be 10
        $figures.Parameters.ExtendVoxels | Should -Be 2
        $figures.Parameters.SoftEdgeVoxels | Should -Be 0
        $figures.Figures.Threshold | Should -Be 0.05
    }

    It 'grows with -ExtendVoxels' {
        $narrow = New-CryoMask $half1 -ExtendVoxels 0 -SoftEdgeVoxels 0
        $wide = New-CryoMask $half1 -ExtendVoxels 3 -SoftEdgeVoxels 0
        $wide.Mean | Should -BeGreaterThan $narrow.Mean
    }

    It 'takes paths, relative ones too' {
        $half1 | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
        Push-Location $TestDrive
        try { (New-CryoMask ./half1.mrc).Name | Should -Be 'half1.mrc' }
        finally { Pop-Location }
    }

    It 'says its decisions with -Verbose' {
        New-CryoMask $half1 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | Out-String | Should -Match 'threshold is'
    }

    It 'writes MaskEmpty above the highest density' {
        { New-CryoMask $half1 -Threshold 1e6 -ErrorAction Stop } | Should -Throw -ErrorId 'MaskEmpty,*'
    }

    It 'writes MapSizeMismatch for halves that disagree, with both sizes' {
        New-CryoMask -HalfMap1 $half1 -HalfMap2 (New-TestMap -Size 32) -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapSizeMismatch,*'
        $failure.Exception.Message | Should -Match '32 × 32 × 32.*48 × 48 × 48'
    }

    It 'writes InsufficientMemory above -MemoryLimit' {
        { New-CryoMask $half1 -MemoryLimit 1KB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*'
    }

    It 'writes MapFileNotFound for a missing half' {
        { New-CryoMask -HalfMap1 "$TestDrive/none.mrc" -HalfMap2 $half2 -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }

    It 'refuses <Name> <Value>' -ForEach @(
        @{ Name = 'ExtendVoxels'; Value = -1 }
        @{ Name = 'SoftEdgeVoxels'; Value = 1e9 }
        @{ Name = 'LowPassResolution'; Value = -1 }
        @{ Name = 'MinimumComponentVoxels'; Value = 0 }
        @{ Name = 'Threshold'; Value = [double]::NaN }
    ) {
        $parameters = @{ $Name = $Value }
        { New-CryoMask $half1 @parameters } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}
