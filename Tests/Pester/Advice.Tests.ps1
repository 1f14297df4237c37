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
        @{
            Cmdlet = 'Measure-GuinierProfile'; Id = 'MapStackUnsupported'; Advised = 'Import-CryoMap -Index'
            Call = { Measure-GuinierProfile "$TestDrive/stack.mrc" -ErrorAction Stop }
        }
        @{ Cmdlet = 'Import-CryoMap'; Id = 'MapStackUnsupported'; Call = { Import-CryoMap "$TestDrive/stack.mrc" -ErrorAction Stop }; Advised = '-Index' }
        @{ Cmdlet = 'Import-CryoMap'; Id = 'ParameterOutOfRange'; Call = { Import-CryoMap "$TestDrive/stack.mrc" -Index 2 -ErrorAction Stop }; Advised = '-Index' }
        @{ Cmdlet = 'Measure-GuinierProfile'; Id = 'FitRangeEmpty'; Call = { Measure-GuinierProfile $map -FitRange 5, 4.9 -ErrorAction Stop }; Advised = '-FitRange' }
        @{
            Cmdlet = 'Invoke-BFactorSharpening'; Id = 'FitRangeEmpty'; Advised = '-FitRange', '-BFactor'
            Call = { Invoke-BFactorSharpening $map -FitRange 5, 4.9 -ErrorAction Stop }
        }
        @{
            Cmdlet = 'Invoke-BFactorSharpening'; Id = 'ParameterOutOfRange'; Advised = '-BFactor', '-LowPassResolution'
            Call = { Invoke-BFactorSharpening (New-TestMap 32 -VoxelSize 1) -BFactor -1000 -ErrorAction Stop }
        }
        @{
            Cmdlet = 'Compare-SharpeningMethod'; Id = 'ParameterOutOfRange'; Advised = '-Resolution', '-HalfMap1, -HalfMap2'
            Call = { Compare-SharpeningMethod $map -ErrorAction Stop }
        }
        @{
            Cmdlet = 'Compare-SharpeningMethod'; Id = 'ParameterOutOfRange'; Advised = '-Model', '-Method'
            Call = { Compare-SharpeningMethod $map -Resolution 4 -Method LocScale -ErrorAction Stop }
        }
        @{ Cmdlet = 'Measure-LocalResolution'; Id = 'MapWithoutSignal'; Call = { Measure-LocalResolution $flat -ErrorAction Stop }; Advised = 'New-CryoMask -Threshold', '-Mask' }
        @{
            Cmdlet = 'Measure-LocalResolution'; Id = 'ParameterOutOfRange'; Advised = '-HalfMap1, -HalfMap2', '-NoiseFrom'
            Call = { Measure-LocalResolution $map -NoiseFrom Halves -ErrorAction Stop }
        }
        @{ Cmdlet = 'New-CryoMask'; Id = 'MapWithoutSignal'; Call = { New-CryoMask $flat -ErrorAction Stop }; Advised = '-Threshold' }
        @{ Cmdlet = 'New-CryoMask'; Id = 'MaskEmpty'; Call = { New-CryoMask $map -Threshold 100 -ErrorAction Stop }; Advised = '-Threshold' }
        @{
            Cmdlet = 'New-CryoMask'; Id = 'MaskEmpty'; Advised = '-MinimumComponentVoxels', '-Threshold'
            Call = { New-CryoMask $map -Threshold 0.4 -MinimumComponentVoxels 30000 -ErrorAction Stop }
        }
        @{
            Cmdlet = 'Invoke-LocScale'; Id = 'ParameterOutOfRange'; Advised = '-WindowVoxels'
            Call = { Invoke-LocScale $map -Reference $map -Mask $resolution -WindowVoxels 34 -ErrorAction Stop }
        }
        @{ Cmdlet = 'Invoke-LocScale'; Id = 'ParameterOutOfRange'; Call = { Invoke-LocScale $map -Model $model -Blur -70 -ErrorAction Stop }; Advised = '-Blur' }
        @{
            Cmdlet = 'Invoke-AutoSharpen'; Id = 'ParameterOutOfRange'; Advised = '-BoxOrigin, -BoxSize'
            Call = { Invoke-AutoSharpen $map -Resolution 4 -BoxOrigin 0, 0, 0 -BoxSize 40 -ErrorAction Stop }
        }
        @{
            Cmdlet = 'Measure-MapModelFit'; Id = 'ModelOutsideMap'; Advised = 'Import-CryoMap -Origin'
            Call = { Measure-MapModelFit $aside $model -Resolution 4 -ErrorAction Stop }
        }
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
