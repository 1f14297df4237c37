# What a cmdlet advises when input is refused can be typed: the parameters are its own, or those of the cmdlet that is named with them.

BeforeAll {
    . $PSScriptRoot/Common.ps1

    $map = New-TestMap 32
    $flat = New-SlabMap 32 -Outside 1 -Inside 1 -Name 'flat.mrc'
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
    It 'of <Cmdlet> can be typed: <Id> (<Advised>)' -ForEach @(
        @{ Cmdlet = 'Invoke-LocalDeblur'; Id = 'VoxelSizeMismatch'; Call = { Invoke-LocalDeblur $map $wider -ErrorAction Stop }; Advised = 'Import-CryoMap -VoxelSize' }
        @{ Cmdlet = 'Invoke-LocalDeblur'; Id = 'MapOriginMismatch'; Call = { Invoke-LocalDeblur $map $aside -ErrorAction Stop }; Advised = 'Import-CryoMap -Origin' }
        @{ Cmdlet = 'New-FilterBank'; Id = 'VoxelSizeMissing'; Call = { New-FilterBank $unknown $resolution -ErrorAction Stop }; Advised = 'Import-CryoMap -VoxelSize' }
        @{ Cmdlet = 'Measure-QScore'; Id = 'MapFileNotFound'; Call = { Measure-QScore "$TestDrive/*.mrc" $model -ErrorAction Stop }; Advised = 'Import-CryoMap -Path' }
        @{ Cmdlet = 'Measure-QScore'; Id = 'ModelFileNotFound'; Call = { Measure-QScore $map "$TestDrive/*.cif" -ErrorAction Stop }; Advised = 'Import-AtomicModel -Path' }
        @{ Cmdlet = 'Measure-GuinierProfile'; Id = 'MapStackUnsupported'; Call = { Measure-GuinierProfile "$TestDrive/stack.mrc" -ErrorAction Stop }; Advised = 'Import-CryoMap -Index' }
        @{ Cmdlet = 'Import-CryoMap'; Id = 'MapStackUnsupported'; Call = { Import-CryoMap "$TestDrive/stack.mrc" -ErrorAction Stop }; Advised = '-Index' }
        @{ Cmdlet = 'Import-CryoMap'; Id = 'ParameterOutOfRange'; Call = { Import-CryoMap "$TestDrive/stack.mrc" -Index 2 -ErrorAction Stop }; Advised = '-Index' }
        @{ Cmdlet = 'Measure-GuinierProfile'; Id = 'FitRangeEmpty'; Call = { Measure-GuinierProfile $map -FitRange 5, 4.9 -ErrorAction Stop }; Advised = '-FitRange' }
        @{ Cmdlet = 'Invoke-BFactorSharpening'; Id = 'FitRangeEmpty'; Call = { Invoke-BFactorSharpening $map -FitRange 5, 4.9 -ErrorAction Stop }; Advised = '-FitRange', '-BFactor' }
        @{ Cmdlet = 'Invoke-BFactorSharpening'; Id = 'ParameterOutOfRange'; Call = { Invoke-BFactorSharpening (New-TestMap 32 -VoxelSize 1) -BFactor -1000 -ErrorAction Stop }; Advised = '-BFactor', '-LowPassResolution' }
        @{ Cmdlet = 'Compare-SharpeningMethod'; Id = 'ParameterOutOfRange'; Call = { Compare-SharpeningMethod $map -ErrorAction Stop }; Advised = '-Resolution', '-HalfMap1, -HalfMap2' }
        @{ Cmdlet = 'Compare-SharpeningMethod'; Id = 'ParameterOutOfRange'; Call = { Compare-SharpeningMethod $map -Resolution 4 -Method LocScale -ErrorAction Stop }; Advised = '-Model', '-Method' }
        @{ Cmdlet = 'Measure-LocalResolution'; Id = 'MapWithoutSignal'; Call = { Measure-LocalResolution $flat -ErrorAction Stop }; Advised = 'New-CryoMask -Threshold', '-Mask' }
        @{ Cmdlet = 'Measure-LocalResolution'; Id = 'ParameterOutOfRange'; Call = { Measure-LocalResolution $map -NoiseFrom Halves -ErrorAction Stop }; Advised = '-HalfMap1, -HalfMap2', '-NoiseFrom' }
        @{ Cmdlet = 'New-CryoMask'; Id = 'MapWithoutSignal'; Call = { New-CryoMask $flat -ErrorAction Stop }; Advised = '-Threshold' }
        @{ Cmdlet = 'New-CryoMask'; Id = 'MaskEmpty'; Call = { New-CryoMask $map -Threshold 100 -ErrorAction Stop }; Advised = '-Threshold' }
        @{ Cmdlet = 'New-CryoMask'; Id = 'MaskEmpty'; Call = { New-CryoMask $map -Threshold 0.4 -MinimumComponentVoxels 30000 -ErrorAction Stop }; Advised = '-MinimumComponentVoxels', '-Threshold' }
        @{ Cmdlet = 'Invoke-LocScale'; Id = 'ParameterOutOfRange'; Call = { Invoke-LocScale $map -Reference $map -Mask $resolution -WindowVoxels 34 -ErrorAction Stop }; Advised = '-WindowVoxels' }
        @{ Cmdlet = 'Invoke-LocScale'; Id = 'ParameterOutOfRange'; Call = { Invoke-LocScale $map -Model $model -Blur -70 -ErrorAction Stop }; Advised = '-Blur' }
        @{ Cmdlet = 'Invoke-AutoSharpen'; Id = 'ParameterOutOfRange'; Call = { Invoke-AutoSharpen $map -Resolution 4 -BoxOrigin 0, 0, 0 -BoxSize 40 -ErrorAction Stop }; Advised = '-BoxOrigin, -BoxSize' }
        @{ Cmdlet = 'Measure-MapModelFit'; Id = 'ModelOutsideMap'; Call = { Measure-MapModelFit $aside $model -Resolution 4 -ErrorAction Stop }; Advised = 'Import-CryoMap -Origin' }
        @{ Cmdlet = 'ConvertTo-CryoMap'; Id = 'MapSizeUnsupported'; Call = { ConvertTo-CryoMap $model -VoxelSize 0.01 -Margin 1000 -ErrorAction Stop }; Advised = '-VoxelSize' }
    ) {
        $failure = $Call | Should -Throw -ErrorId "$Id,*" -PassThru

        # Behind each advice in brackets: the cmdlet, where it is another one, and its parameters.
        $found = [regex]::Matches("$failure", '\((?<Spelling>(?<Other>[A-Z]\w+-\w+ )?-[A-Z]\w+(, -[A-Z]\w+)*)\)')
        @($found | ForEach-Object { $_.Groups['Spelling'].Value }) | Should -Be $Advised
        foreach ($spelling in $found) {
            $owner = $spelling.Groups['Other'].Success ? $spelling.Groups['Other'].Value.Trim() : $Cmdlet
            foreach ($name in [regex]::Matches($spelling.Groups['Spelling'].Value, '(?<!\w)-(\w+)')) {
                (Get-Command $owner).Parameters.Keys | Should -Contain $name.Groups[1].Value
            }
        }

        "$failure" | Should -Not -Match '--[a-z]'
        $failure.Exception.Message | Should -Be "$failure"
    }
}
