# What stands for nothing and what stands for another number than was meant is refused, for every parameter of every cmdlet, found by reflection.

BeforeDiscovery {
    Import-Module $env:LOCALDEBLUR_MODULE
    $own = { $_.Name -notin [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters }
    $numbers = [double], [float], [int], [long]
    function Get-Element([type] $Type) {
        $element = $Type.IsArray ? $Type.GetElementType() : $Type
        [Nullable]::GetUnderlyingType($element) ?? $element
    }

    # One case for each parameter that is optional in some way of calling, with the way.
    $cases = foreach ($command in Get-Command -Module LocalDeblur) {
        foreach ($name in $command.Parameters.Values | Where-Object $own | Where-Object SwitchParameter -EQ $false | ForEach-Object Name) {
            $set = $command.ParameterSets | Where-Object { $_.Parameters | Where-Object Name -EQ $name | Where-Object IsMandatory -EQ $false } | Select-Object -First 1
            if ($set) {
                @{ Command = $command.Name; Parameter = $name; Set = $set.Name; IsNumber = (Get-Element $command.Parameters[$name].ParameterType) -in $numbers }
            }
        }
    }

    $listed = foreach ($command in Get-Command -Module LocalDeblur) {
        foreach ($parameter in $command.Parameters.Values | Where-Object $own | Where-Object { (Get-Element $_.ParameterType) -in $numbers }) {
            @{ Command = $command.Name; Parameter = $parameter.Name }
        }
    }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1

    $phantom = New-CryoPhantom -Size 48
    $map = $phantom.HalfMap1
    $model = New-LeucineModel "$TestDrive/model.pdb" -From 20
    $curves = Measure-FourierShellCorrelation -HalfMap1 $map -HalfMap2 $phantom.HalfMap2
    $ready = @{
        MapInput = $map; CryoMap = $map; ModelInput = $model
        FscResult = $curves; FscInput = $curves; GuinierProfile = $map | Measure-GuinierProfile
        EMRingerResult = ConvertTo-CryoMap $model -Map $map | Measure-EMRinger -Model $model
        Path = "$TestDrive/absent.svg"; LiteralPath = "$TestDrive/absent.svg"; VoxelSize = 1.5; Size = 16; Resolution = 6; CoarsestResolution = 12
        Id = 'EMD-1234'; HalfMap1 = "$TestDrive/absent1.mrc"; HalfMap2 = "$TestDrive/absent2.mrc"; Map = "$TestDrive/absent.mrc"
    }

    # What the mandatory parameters of one way of calling can be given, by their types and names.
    function Get-Arguments([string] $Command, [string] $Set) {
        $arguments = @{}
        foreach ($parameter in ((Get-Command $Command).ParameterSets | Where-Object Name -EQ $Set).Parameters | Where-Object IsMandatory) {
            $type = $parameter.ParameterType.Name.TrimEnd('[', ']')
            $arguments[$parameter.Name] = $ready[$ready.ContainsKey($type) ? $type : $parameter.Name]
        }

        $arguments
    }
}

Describe 'An optional parameter that is given $null' {
    It 'is a binding error that names it: <Command> -<Parameter>' -ForEach $cases {
        $arguments = Get-Arguments $Command $Set
        $arguments[$Parameter] = $null

        { & $Command @arguments -ErrorAction Stop -WarningAction SilentlyContinue } | Should -Throw -ErrorId 'Parameter*' -ExpectedMessage "*'$Parameter'*null*"
    }

    It 'counts as not given where a row of the pipeline has no value for it' {
        $row = [pscustomobject] @{ Map = $map; Mask = $null }
        $row | Measure-GuinierProfile | Should -Not -BeNullOrEmpty
    }
}

Describe 'A number with a decimal comma' {
    It 'is refused: <Command> -<Parameter>' -ForEach ($cases | Where-Object IsNumber) {
        $arguments = Get-Arguments $Command $Set
        $arguments[$Parameter] = '1,06'

        { & $Command @arguments -ErrorAction Stop -WarningAction SilentlyContinue } | Should -Throw -ErrorId 'ParameterArgument*' -ExpectedMessage "*'$Parameter'*1,06*"
    }

    It 'is refused as one of several' {
        { Import-CryoMap "$TestDrive/absent.mrc" -Origin '1,5', '2', '3' } | Should -Throw -ErrorId 'ParameterArgument*' -ExpectedMessage '*comma*'
        { Import-CryoMap "$TestDrive/absent.mrc" -Origin 1, $null, 3 } | Should -Throw -ErrorId 'ParameterArgument*' -ExpectedMessage '*null*'
    }

    # Mandatory ones too, which no case above has.
    It 'is looked for in every number: <Command> -<Parameter>' -ForEach $listed {
        $attributes = (Get-Command $Command).Parameters[$Parameter].Attributes.ForEach{ $_.GetType().Name }
        $attributes | Where-Object { $_ -in 'NumberAttribute', 'RowNumberAttribute', 'AxisValuesAttribute' } | Should -Not -BeNullOrEmpty
    }

    It 'does not stand in the way of amounts with a unit' {
        (New-TestMap | Measure-GuinierProfile -MemoryLimit '1gb').GetType().Name | Should -Be GuinierProfile
    }
}
