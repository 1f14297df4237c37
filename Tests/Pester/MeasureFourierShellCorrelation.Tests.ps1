BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-Phantom
    $half1 = $phantom.DrawHalfMap(1)
    $half2 = $phantom.DrawHalfMap(2)
    $mask = New-CryoMask -HalfMap1 $half1 -HalfMap2 $half2
}

Describe 'Measure-FourierShellCorrelation' {
    It 'measures two half maps, by name or piped, alike' {
        $named = Measure-FourierShellCorrelation -HalfMap1 $half1 -HalfMap2 $half2
        $piped = $half1, $half2 | Measure-FourierShellCorrelation
        $listed = Measure-FourierShellCorrelation $half1, $half2
        $named | Should -BeOfType ([LocalDeblur.Resolution.Fsc.FscResult])
        @($piped).Count | Should -Be 1
        $piped.Resolution | Should -Be $named.Resolution
        $listed.Resolution | Should -Be $named.Resolution
        $named.Curves | Should -Be 'Unmasked'
        $named.Shells.Count | Should -Be 25
    }

    It 'measures all curves with a mask' {
        $result = $half1, $half2 | Measure-FourierShellCorrelation -Mask $mask
        $result.Curves | Should -Be 'Unmasked', 'Masked', 'Randomised', 'Corrected', 'MaskFraction'
        $result.RandomisedFrom | Should -BeGreaterThan 1
    }

    It 'gives the same curves for the same -Seed and others for another' {
        $one = $half1, $half2 | Measure-FourierShellCorrelation -Mask $mask -Seed 7 -Threads 1
        $two = $half1, $half2 | Measure-FourierShellCorrelation -Mask $mask -Seed 7 -Threads 2
        $other = $half1, $half2 | Measure-FourierShellCorrelation -Mask $mask -Seed 8
        $one.Shells[20].Randomised | Should -Be $two.Shells[20].Randomised
        $one.Shells[20].Randomised | Should -Not -Be $other.Shells[20].Randomised
    }

    It 'makes phases random from -RandomiseFrom on' {
        # 48 voxels of 1.06 Å: 50.88 Å / 5 Å is shell 10.
        ($half1, $half2 | Measure-FourierShellCorrelation -Mask $mask -RandomiseFrom 5).RandomisedFrom | Should -Be 10
    }

    It 'counts as told' {
        $stored = $half1, $half2 | Measure-FourierShellCorrelation
        $full = $half1, $half2 | Measure-FourierShellCorrelation -Counting FullTransform
        $full.Shells[5].Count | Should -BeGreaterThan $stored.Shells[5].Count
    }

    It 'takes paths and files, relative ones too' {
        $half1 | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
        $half2 | Export-CryoMap "$TestDrive/half2.mrc" -NoHistory
        Push-Location $TestDrive
        try {
            $paths = Measure-FourierShellCorrelation -HalfMap1 ./half1.mrc -HalfMap2 half2.mrc
            $files = Get-ChildItem half?.mrc | Measure-FourierShellCorrelation
            $files.Resolution | Should -Be $paths.Resolution
        }
        finally { Pop-Location }
    }

    It 'ends the call with MapCountUnsupported for <Count> maps, naming the parameters' -ForEach @{ Count = 1 }, @{ Count = 3 }, @{ Count = 5 } {
        $maps = @($half1, $half2) * 3 | Select-Object -First $Count
        $failure = { $maps | Measure-FourierShellCorrelation } | Should -Throw -ErrorId 'MapCountUnsupported,*' -PassThru
        $failure.Exception.Message | Should -Match '-HalfMap1 and -HalfMap2'
        $failure.TargetObject | Should -BeOfType string
    }

    It 'measures nothing when one of the two is missing' {
        $result = "$TestDrive/none.mrc", $half2 | Measure-FourierShellCorrelation -ErrorVariable failure -ErrorAction SilentlyContinue
        $result | Should -BeNullOrEmpty
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound,*'
    }

    It 'refuses -<_> without a mask' -ForEach 'Seed', 'RandomiseFrom' {
        $parameters = @{ $_ = 5 }
        { $half1, $half2 | Measure-FourierShellCorrelation @parameters } | Should -Throw -ErrorId 'MaskMissing,*'
    }

    It 'writes <Id> for maps that do not fit' -ForEach @(
        @{ Id = 'MapSizeMismatch'; Other = @{ Size = 32; VoxelSize = 1.06 } }
        @{ Id = 'VoxelSizeMismatch'; Other = @{ Size = 48; VoxelSize = 1.5 } }
        @{ Id = 'MapOriginMismatch'; Other = @{ Size = 48; VoxelSize = 1.06; Origin = 5, 0, 0 } }
    ) {
        { $half1, (New-TestMap @Other) | Measure-FourierShellCorrelation -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'writes MapWithoutSignal for maps of zeros, and for zeros inside the mask, and no resolution of 0' {
        $zero = [LocalDeblur.Maps.CryoMap]::new($half1.Grid, [float[]]::new(48 * 48 * 48), 'zero')
        { $half1, $zero | Measure-FourierShellCorrelation -ErrorAction Stop } | Should -Throw -ErrorId 'MapWithoutSignal,*'
        $slab = New-SlabMap -Size 48 -VoxelSize 1.06 -Name 'mask'
        $outside = New-SlabMap -Size 48 -VoxelSize 1.06 -Inside 0 -Outside 1 -Name 'outside'
        $text = & { $half1, $zero | Measure-FourierShellCorrelation -Mask $slab -ErrorAction SilentlyContinue -ErrorVariable failure } | Out-String
        $text | Should -BeNullOrEmpty
        { $half1, $outside | Measure-FourierShellCorrelation -Mask $slab -ErrorAction Stop } | Should -Throw -ErrorId 'MapWithoutSignal,*'
    }

    It 'writes MaskEmpty for a mask of zeros, and InsufficientMemory above -MemoryLimit' {
        { $half1, $half2 | Measure-FourierShellCorrelation -Mask (New-SlabMap -Size 48 -VoxelSize 1.06 -Inside 0) -ErrorAction Stop } | Should -Throw -ErrorId 'MaskEmpty,*'
        { $half1, $half2 | Measure-FourierShellCorrelation -MemoryLimit 1KB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*'
    }

    It 'shows resolutions with their units, and the shells as a table, with a point in every culture' {
        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = 'de-DE'
        try {
            $result = $half1, $half2 | Measure-FourierShellCorrelation -Mask $mask
            $text = $result | Out-String -Width 200
            $text | Should -Match 'Resolution at 0\.143 \(Å\)\s+: \d\.\d'
            $text | Should -Match 'Corrected: \d\.\d\d Å at 0\.143'
            $result.Resolutions | Out-String -Width 200 | Should -Match 'Last shell \(Å\)'
            $shells = $result.Shells | Select-Object -First 3 | Format-Table | Out-String -Width 200
            $shells | Should -Match 'Frequency \(1/Å\)'
            $shells | Should -Match '0\.01965'
            $shells | Should -Match '∞'
            $text + $shells | Should -Not -Match '\d,\d'
        }
        finally { [cultureinfo]::CurrentCulture = $culture }
    }

    It 'says its decisions with -Verbose' {
        $half1, $half2 | Measure-FourierShellCorrelation -Verbose 4>&1 | Out-String | Should -Match 'counts once'
    }
}
