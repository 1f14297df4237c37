# What a cmdlet advises when input is refused can be typed: the parameters are its own, or those of the cmdlet that is named with them.

BeforeAll {
    . $PSScriptRoot/Common.ps1

    $map = New-TestMap 32
    # Nothing is above the background.
    $voxels = [float[]]::new(32768)
    [Array]::Fill($voxels, [float]1)
    $voxels[0] = 0
    $flat = [LocalDeblur.Maps.CryoMap]::new($map.Grid, $voxels, 'flat.mrc')
    $resolution = New-SlabMap 32 -Name 'resolution.mrc'
    $wider = New-SlabMap 32 -VoxelSize 2 -Name 'wider.mrc'
    $aside = New-TestMap 32 -Origin 200, 0, 0 -Name 'aside.mrc'
    $unknown = [LocalDeblur.Maps.CryoMap]::new(
        [LocalDeblur.Maps.MapGrid]::new($map.Size, [LocalDeblur.Maps.AxisTriple]::new(0, 0, 0), [LocalDeblur.Maps.AxisTriple]::new(0, 0, 0)), [float[]]::new(32768), 'unknown.mrc')
    $model = New-SixAtomModel "$TestDrive/model.pdb" -Edge 48

    # A stack of two volumes.
    $map | Export-CryoMap "$TestDrive/stack.mrc" -NoHistory
    $bytes = [System.IO.File]::ReadAllBytes("$TestDrive/stack.mrc")
    [BitConverter]::GetBytes(401).CopyTo($bytes, 88)
    [BitConverter]::GetBytes(16).CopyTo($bytes, 36)
    [System.IO.File]::WriteAllBytes("$TestDrive/stack.mrc", $bytes)
}

Describe 'Advice' {
    It 'can be typed: <Id> of<Call>(<Advised>)' -ForEach @(
        @{ Id = 'VoxelSizeMismatch'; Call = { Invoke-LocalDeblur $map $wider }; Advised = 'Import-CryoMap -VoxelSize' }
        @{ Id = 'MapOriginMismatch'; Call = { Invoke-LocalDeblur $map $aside }; Advised = 'Import-CryoMap -Origin' }
        @{ Id = 'VoxelSizeMissing'; Call = { New-FilterBank $unknown $resolution }; Advised = 'Import-CryoMap -VoxelSize' }
        @{ Id = 'MapFileNotFound'; Call = { Measure-QScore "$TestDrive/*.mrc" $model }; Advised = 'Import-CryoMap -Path' }
        @{ Id = 'ModelFileNotFound'; Call = { Measure-QScore $map "$TestDrive/*.cif" }; Advised = 'Import-AtomicModel -Path' }
        @{ Id = 'MapStackUnsupported'; Call = { Measure-GuinierProfile "$TestDrive/stack.mrc" }; Advised = 'Import-CryoMap -Index' }
        @{ Id = 'MapStackUnsupported'; Call = { Import-CryoMap "$TestDrive/stack.mrc" }; Advised = '-Index' }
        @{ Id = 'ParameterOutOfRange'; Call = { Import-CryoMap "$TestDrive/stack.mrc" -Index 2 }; Advised = '-Index' }
        @{ Id = 'FitRangeEmpty'; Call = { Measure-GuinierProfile $map -FitRange 5, 4.9 }; Advised = '-FitRange' }
        @{ Id = 'FitRangeEmpty'; Call = { Invoke-BFactorSharpening $map -FitRange 5, 4.9 }; Advised = '-FitRange', '-BFactor' }
        @{ Id = 'ParameterOutOfRange'; Call = { Invoke-BFactorSharpening (New-TestMap 32 -VoxelSize 1) -BFactor -1000 }; Advised = '-BFactor', '-LowPassResolution' }
        @{ Id = 'ParameterOutOfRange'; Call = { Compare-SharpeningMethod $map }; Advised = '-Resolution', '-HalfMap1, -HalfMap2' }
        @{ Id = 'ParameterOutOfRange'; Call = { Compare-SharpeningMethod $map -Resolution 4 -Method LocScale }; Advised = '-Model', '-Method' }
        @{ Id = 'MapWithoutSignal'; Call = { Measure-LocalResolution $flat }; Advised = 'New-CryoMask -Threshold', '-Mask' }
        @{ Id = 'ParameterOutOfRange'; Call = { Measure-LocalResolution $map -NoiseFrom Halves }; Advised = '-HalfMap1, -HalfMap2', '-NoiseFrom' }
        @{ Id = 'MapWithoutSignal'; Call = { New-CryoMask $flat }; Advised = '-Threshold' }
        @{ Id = 'MaskEmpty'; Call = { New-CryoMask $map -Threshold 100 }; Advised = '-Threshold' }
        @{ Id = 'MaskEmpty'; Call = { New-CryoMask $map -Threshold 0.4 -MinimumComponentVoxels 30000 }; Advised = '-MinimumComponentVoxels', '-Threshold' }
        @{ Id = 'ParameterOutOfRange'; Call = { Invoke-LocScale $map -Reference $map -Mask $resolution -WindowVoxels 34 }; Advised = '-WindowVoxels' }
        @{ Id = 'InsufficientMemory'; Call = { Invoke-LocScale $map -Reference $map -Mask $resolution -MemoryLimit 1KB }; Advised = '-MemoryLimit', '-Threads' }
        @{ Id = 'InsufficientMemory'; Call = { New-CryoMask $map -MemoryLimit 1KB }; Advised = '-MemoryLimit' }
        @{ Id = 'ParameterOutOfRange'; Call = { Invoke-LocScale $map -Model $model -Blur -70 }; Advised = '-Blur' }
        @{ Id = 'ParameterOutOfRange'; Call = { Invoke-AutoSharpen $map -Resolution 4 -BoxOrigin 0, 0, 0 -BoxSize 40 }; Advised = '-BoxOrigin, -BoxSize' }
        @{ Id = 'ModelOutsideMap'; Call = { Measure-MapModelFit $aside $model -Resolution 4 }; Advised = 'Import-CryoMap -Origin' }
        @{ Id = 'MapSizeUnsupported'; Call = { ConvertTo-CryoMap $model -VoxelSize 0.01 -Margin 1000 }; Advised = '-VoxelSize' }
    ) {
        $cmdlet = "$Call".Trim().Split(' ')[0]
        $PSDefaultParameterValues = @{ '*:ErrorAction' = 'Stop' }
        $failure = $Call | Should -Throw -ErrorId "$Id,*" -PassThru

        # Behind each advice in brackets: the cmdlet, where it is another one, and its parameters.
        $found = [regex]::Matches("$failure", '\((?<Spelling>(?<Other>[A-Z]\w+-\w+ )?-[A-Z]\w+(, -[A-Z]\w+)*)\)')
        @($found | ForEach-Object { $_.Groups['Spelling'].Value }) | Should -Be $Advised
        foreach ($spelling in $found) {
            $owner = $spelling.Groups['Other'].Success ? $spelling.Groups['Other'].Value.Trim() : $cmdlet
            foreach ($name in [regex]::Matches($spelling.Groups['Spelling'].Value, '(?<!\w)-(\w+)')) {
                (Get-Command $owner).Parameters.Keys | Should -Contain $name.Groups[1].Value
            }
        }

        "$failure" | Should -Not -Match '--[a-z]'
        $failure.Exception.Message | Should -Be "$failure"
    }
}
