BeforeAll {
    . $PSScriptRoot/Common.ps1
    $map = New-TestMap -Size 32 -VoxelSize 1.5
    $file = New-SixAtomModel "$TestDrive/model.pdb"
}

Describe 'Measure-GuinierProfile' {
    It 'returns a profile a map' {
        $profiles = $map, (New-TestMap -Size 32 -Name other.mrc) | Measure-GuinierProfile
        $profiles | Should -HaveCount 2
        $profiles[0] | Should -BeOfType ([LocalDeblur.Shells.GuinierProfile])
        $profiles.Name | Should -Be 'test.mrc', 'other.mrc'
        $profiles[0].LogAmplitudes | Should -HaveCount 17
        $profiles[0].Fit | Should -BeNullOrEmpty
    }

    It 'fits a line in -FitRange, and shows it with units' {
        $profile = Measure-GuinierProfile $map -FitRange 10, 3
        $profile.Fit.BFactor | Should -Be (4 * $profile.Fit.Slope)
        ($profile | Out-String -Width 200) | Should -Match 'B factor \(Å²\)'
        ($profile | Format-List | Out-String) | Should -Match 'Fit range \(Å\)\s*: 10–3'
    }

    It 'names a map by its steps, so that one map before and after can be told apart' {
        $sharp = Invoke-BFactorSharpening $map -BFactor -50 -Resolution 4
        ($map, $sharp | Measure-GuinierProfile).Name | Should -Be 'test.mrc', 'test.mrc: BFactorSharpening'
    }

    It 'shows every figure beside a long name, within 80 columns' {
        $long = [LocalDeblur.Maps.CryoMap]::new($map.Grid, [float[]]::new(32 * 32 * 32 - 1) + [float] 1, ('long' * 20) + '.mrc')
        $text = Measure-GuinierProfile $long -FitRange 10, 3 | Out-String -Width 80
        $text | Should -Match 'B factor \(Å²\) +r² '
    }

    It 'measures the model last, on the grid of the first map' {
        $profiles = $map | Measure-GuinierProfile -Model $file -WarningAction Ignore
        $profiles.IsModel | Should -Be $false, $true
        $profiles[1].Name | Should -Be 'model.pdb'
        $profiles[1].LogAmplitudes | Should -HaveCount 17
        [double]::IsNaN($profiles[0].ShapeDistance($profiles[1], 10, 4)) | Should -BeFalse
    }

    It 'takes paths and files, a mask, and RELION''s counting' {
        $map | Export-CryoMap "$TestDrive/map.mrc" -NoHistory
        New-SlabMap -Size 32 -Inside 1 | Export-CryoMap "$TestDrive/mask.mrc" -NoHistory
        Push-Location $TestDrive
        try { $profile = Get-Item map.mrc | Measure-GuinierProfile -Mask mask.mrc -Counting StoredCoefficients }
        finally { Pop-Location }
        $profile.Mask | Should -Be 'mask.mrc'
        $profile.Shells.Counting | Should -Be 'StoredCoefficients'
    }

    It 'writes errors by id, and goes on' {
        $profiles = (New-TestMap -Size 16), $map | Measure-GuinierProfile -Mask (New-SlabMap -Size 32 -Inside 1) -ErrorVariable failure -ErrorAction SilentlyContinue
        @($profiles).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapSizeMismatch,*'
        { Measure-GuinierProfile "$TestDrive/none.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
        { Measure-GuinierProfile $map -Mask (New-SlabMap -Size 32 -Inside 0) -ErrorAction Stop } | Should -Throw -ErrorId 'MaskEmpty,*'
        { Measure-GuinierProfile $map -FitRange 10, 2 -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterOutOfRange,*'
        { Measure-GuinierProfile $map -FitRange 3, 10 -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterOutOfRange,*'
        { Measure-GuinierProfile $map -FitRange 4.01, 4 -ErrorAction Stop } | Should -Throw -ErrorId 'FitRangeEmpty,*'
        { Measure-GuinierProfile $map -MemoryLimit 1KB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*'
        { Measure-GuinierProfile $map -Model "$TestDrive/none.pdb" } | Should -Throw -ErrorId 'ModelFileNotFound,*'
        { Measure-GuinierProfile $map -FitRange 10 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'writes ModelOutsideMap for a model elsewhere, after the profiles of the maps' {
        $profiles = New-TestMap -Size 8 -Origin 500, 0, 0 | Measure-GuinierProfile -Model $file -ErrorVariable failure -ErrorAction SilentlyContinue
        @($profiles).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelOutsideMap,*'
    }

    It 'gives the profiles of the reference (NumPy), to 1e-4' {
        $table = Get-ReferenceFile orc80n6/guinier_profiles.csv
        $profile = Measure-GuinierProfile (Get-ReferenceFile orc80n6/full.mrc.gz)
        $row = (Import-Csv $table)[10]
        $column = $row.PSObject.Properties.Name | Where-Object { $_ -like '*full*' } | Select-Object -First 1
        $shell = [int] $row.PSObject.Properties.Value[0]
        [math]::Abs($profile.LogAmplitudes[$shell] - [double] $row.$column) | Should -BeLessThan 1e-4
    }
}
