BeforeDiscovery {
    Import-Module $env:LOCALDEBLUR_MODULE
    $commands = Get-Command -Module LocalDeblur | ForEach-Object { @{ Name = $_.Name } }
}

BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'The module' {
    It 'exports its cmdlets and nothing else' {
        $module = Get-Module LocalDeblur
        $expected =
            'Compare-CryoMap', 'Compare-SharpeningMethod', 'ConvertTo-CryoMap', 'Export-ChimeraXScript', 'Export-CryoMap', 'Export-EmdbDeposition', 'Export-EMRingerPlot',
            'Export-FscPlot', 'Export-FscTable', 'Export-GuinierPlot', 'Export-LocalDeblurReport', 'Export-MapSlice',
            'Get-CryoMapHeader', 'Get-CryoMapReport', 'Get-LocalDeblurJob', 'Import-AtomicModel', 'Import-CryoMap', 'Invoke-AutoSharpen', 'Invoke-BFactorSharpening',
            'Invoke-LocalDeblur', 'Invoke-LocalWiener', 'Invoke-LocScale',
            'Measure-EMRinger', 'Measure-FourierShellCorrelation', 'Measure-GuinierProfile', 'Measure-LocalResolution', 'Measure-MapModelFit', 'Measure-QScore',
            'New-CryoMask', 'New-CryoPhantom', 'New-FilterBank', 'New-LocalDeblurJob', 'Save-EmdbEntry', 'Show-CryoMap', 'Start-LocalDeblurJob', 'Stop-LocalDeblurJob',
            'Submit-LocalDeblurJob', 'Test-CryoMap', 'Wait-LocalDeblurJob', 'Watch-CryoFolder' | Sort-Object
        $module.ExportedCommands.Keys | Sort-Object | Should -Be $expected
        $module.ExportedVariables.Keys | Should -BeNullOrEmpty
        (Import-PowerShellDataFile $env:LOCALDEBLUR_MODULE).CmdletsToExport | Sort-Object | Should -Be $expected
    }

    It 'has the version of its folder' {
        (Get-Module LocalDeblur).Version | Should -Be (Split-Path $env:LOCALDEBLUR_MODULE | Split-Path -Leaf)
    }

    It 'carries nothing of PowerShell itself' {
        Get-ChildItem (Split-Path $env:LOCALDEBLUR_MODULE) -Recurse -Filter 'System.Management.Automation*' | Should -BeNullOrEmpty
    }

    It 'keeps the engine and its packages in a context of their own' {
        $null = New-FilterBank -VoxelSize 1 -Size 32 -CoarsestResolution 6
        $names = 'LocalDeblur.Engine', 'MathNet.Numerics', 'System.Numerics.Tensors'
        $here = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -in $names }
        $here | ForEach-Object { [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name } | Sort-Object -Unique | Should -Be 'LocalDeblur'
    }

    It 'offers the engine types by name' {
        [LocalDeblur.Maps.CryoMap].Assembly | Should -Be (New-TestMap).GetType().Assembly
        (New-TestMap) -is [LocalDeblur.Maps.CryoMap] | Should -BeTrue
        [LocalDeblur.Sharpening.Deblurring.LocalDeblurFormulation]::Paper | Should -Be 'Paper'
        (Get-Command Export-CryoMap).OutputType.Type | Should -Be ([LocalDeblur.Maps.CryoMap])
    }

    It 'can be imported twice, and in another runspace' {
        Import-Module $env:LOCALDEBLUR_MODULE -Force
        $size = [powershell]::Create().AddScript("Import-Module '$env:LOCALDEBLUR_MODULE'; (New-FilterBank -VoxelSize 1 -Size 32 -CoarsestResolution 6).Size").Invoke()
        $size[0] | Should -BeOfType ([LocalDeblur.Maps.GridSize])
    }

    It 'lets a script use types in functions after importing it' {
        $script = @"
Import-Module '$env:LOCALDEBLUR_MODULE'
function Get-Edge { param([LocalDeblur.Maps.CryoMap] `$Map) `$Map.Size.X }
Get-Edge (Import-CryoMap '$Lobes/map.mrc.gz')
"@
        Invoke-Child $script | Should -Be '64'
    }
}

Describe 'Beside another module that brings its own' {
    # Stand-ins for the other module's packages: assemblies of the same name and another version, with a type of their own.
    It 'works after <Age> copies of its packages were loaded, and leaves them alone' -ForEach @(
        @{ Age = 'older'; MathNet = '4.15.0.0'; Tensors = '8.0.0.0'; SharpZip = '0.86.0.0' }
        @{ Age = 'newer'; MathNet = '6.0.0.0'; Tensors = '11.0.0.0'; SharpZip = '2.0.0.0' }
    ) {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive $Age)).FullName
        $output = Invoke-Child @"
foreach (`$other in ('MathNet.Numerics', '$MathNet'), ('System.Numerics.Tensors', '$Tensors'), ('ICSharpCode.SharpZipLib', '$SharpZip')) {
    `$type = `$other[0].Replace('.', '')
    `$dll = '$folder/' + `$other[0] + '.dll'
    Add-Type -OutputAssembly `$dll -TypeDefinition ('[assembly: System.Reflection.AssemblyVersion("' + `$other[1] + '")] ' +
        'namespace OtherModule { public static class ' + `$type + ' { public static int Value() { return 42; } } }')
    [void] [System.Reflection.Assembly]::LoadFrom(`$dll)
}

Import-Module '$env:LOCALDEBLUR_MODULE'
`$map = Import-CryoMap '$Lobes/map.mrc.gz'
`$sharp = Invoke-LocalDeblur `$map '$Lobes/locres.mrc.gz' -MaximumIterations 1
'{0:0.0000} {1} {2}' -f `$sharp.History[-1].Figures.StepSize, `$sharp.History[-1].Figures.Rank, [OtherModule.MathNetNumerics]::Value()
[OtherModule.MathNetNumerics], [OtherModule.SystemNumericsTensors], [OtherModule.ICSharpCodeSharpZipLib] | ForEach-Object { `$_.Assembly.GetName().Version.ToString() }
"@
        $output | Should -Be '4.0639 5 42', $MathNet, $Tensors, $SharpZip
    }
}

Describe 'The parameters' {
    It 'of <Name> that name maps, models and what is known of them come from rows too' -ForEach $commands {
        $command = Get-Command $Name
        $named = 'Map', 'HalfMap1', 'HalfMap2', 'Mask', 'ExclusionMask', 'LocalResolution', 'Reference', 'Model', 'Truth'
        $types = [LocalDeblur.PowerShell.MapInput], [LocalDeblur.PowerShell.MapInput[]], [LocalDeblur.PowerShell.ModelInput], [LocalDeblur.PowerShell.ModelInput[]]
        foreach ($parameter in $command.Parameters.Values | Where-Object { $_.ParameterType -in $types -and $_.Name -ne 'InputObject' -and $command.Verb -ne 'Export' }) {
            $parameter.Name | Should -BeIn $named
            $parameter.Attributes.Where{ $_ -is [Parameter] }.ValueFromPipelineByPropertyName | Should -Not -Contain $false -Because "-$($parameter.Name) may be a column"
        }
    }

    It 'of <Name> for objects that are piped are called InputObject' -ForEach $commands {
        foreach ($parameter in (Get-Command $Name).Parameters.Values | Where-Object { $_.Attributes.ValueFromPipeline -contains $true -and $_.Name -ne 'Path' }) {
            # A score takes models from the pipeline as well as maps, and a name can be only one's.
            if ($Name -in 'Measure-EMRinger', 'Measure-QScore', 'Measure-MapModelFit' -and $parameter.Name -eq 'Model') {
                continue
            }

            @($parameter.Name) + $parameter.Aliases | Should -Contain 'InputObject'
        }
    }

    It 'of a cmdlet that takes its time are both -Threads and -MemoryLimit' {
        $limited = Get-Command -Module LocalDeblur | Where-Object { $_.Parameters.ContainsKey('Threads') }
        $limited | Where-Object { -not $_.Parameters.ContainsKey('MemoryLimit') } | Should -BeNullOrEmpty
        # The others go once over a file, a model or a few numbers. What Import-CryoMap reads may have a limit too.
        (Get-Command -Module LocalDeblur | Where-Object { $_ -notin $limited }).Name | Should -Be @(
            'Compare-CryoMap', 'Export-ChimeraXScript', 'Export-CryoMap', 'Export-EMRingerPlot', 'Export-FscPlot', 'Export-FscTable', 'Export-GuinierPlot',
            'Export-MapSlice', 'Get-CryoMapHeader', 'Get-CryoMapReport', 'Get-LocalDeblurJob', 'Import-AtomicModel', 'Import-CryoMap', 'Measure-EMRinger', 'New-FilterBank',
            'Save-EmdbEntry', 'Show-CryoMap', 'Stop-LocalDeblurJob', 'Test-CryoMap', 'Wait-LocalDeblurJob')
        foreach ($command in $limited) {
            $command.Parameters.Threads.ParameterType, $command.Parameters.MemoryLimit.ParameterType | Should -Be ([int], [Nullable[long]])
        }
    }
}

Describe 'The help' {
    It 'of <Name> is complete' -ForEach $commands {
        $help = Get-Help $Name -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match $Name
        @($help.examples.example).Count | Should -BeGreaterOrEqual 3
        ($help | Out-String) | Should -Not -Match '\{\{'
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        foreach ($parameter in (Get-Command $Name).Parameters.Keys | Where-Object { $_ -notin $common }) {
            ($help.parameters.parameter | Where-Object name -EQ $parameter).description.Text | Should -Not -BeNullOrEmpty -Because "-$parameter needs a description"
        }
    }

    It 'of <Name> has examples whose parameters exist' -ForEach $commands {
        foreach ($example in (Get-Help $Name -Full).examples.example) {
            $errors = $null
            $text = $example.code + "`n" + ($example.remarks.Text -join "`n")
            $ast = [System.Management.Automation.Language.Parser]::ParseInput(($example.code -replace '(?m)^PS> ?'), [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty -Because $text
            foreach ($command in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $info = Get-Command $command.GetCommandName() -ErrorAction Stop
                foreach ($element in $command.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                    { $info.ResolveParameter($element.ParameterName) } | Should -Not -Throw -Because "$text uses -$($element.ParameterName)"
                }
            }
        }
    }

    It 'of <Name> has its page online, in code and help alike' -ForEach $commands {
        $uri = (Get-Command $Name).HelpUri
        $uri | Should -BeLike "$((Get-Module LocalDeblur).ProjectUri)/blob/main/docs/en-US/$Name.md"
        Join-Path $PSScriptRoot "../../docs/en-US/$Name.md" | Should -Exist
        (Get-Help $Name).relatedLinks.navigationLink.uri | Where-Object { $_ } | Should -Be $uri
    }

    It 'opens that page with -Online' -Skip:(-not $IsLinux) {
        # In place of a browser, a program that writes down what it is to open.
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive browser)).FullName
        Set-Content "$folder/xdg-open" "#!/bin/sh`necho `"`$1`" > '$folder/opening'; mv '$folder/opening' '$folder/opened'"
        chmod +x "$folder/xdg-open"
        Invoke-Child "`$env:PATH = '$folder' + [IO.Path]::PathSeparator + `$env:PATH; Import-Module '$env:LOCALDEBLUR_MODULE'; Get-Help Invoke-LocalDeblur -Online" |
            Should -BeNullOrEmpty
        for ($i = 0; $i -lt 200 -and -not (Test-Path "$folder/opened"); $i++) {
            Start-Sleep -Milliseconds 50
        }

        Get-Content "$folder/opened" | Should -Be (Get-Command Invoke-LocalDeblur).HelpUri
    }

    It 'has a page about the whole' {
        $text = Get-Help about_LocalDeblur | Out-String
        foreach ($name in (Get-Command -Module LocalDeblur).Name) {
            $text | Should -Match "(?m)^ +$name  " -Because 'it lists every cmdlet'
        }
    }

    It 'has a page about the restoration, whose picture is there' {
        $text = Get-Help about_LocalWiener | Out-String
        $text | Should -Match 'Invoke-LocalWiener'
        $text -match 'docs/images/[\w-]+\.png' | Should -BeTrue
        Join-Path $PSScriptRoot "../../$($Matches[0])" | Should -Exist
    }

    It 'names every kind of refusal in the notes of some cmdlet' {
        $notes = (Get-Command -Module LocalDeblur).Name | ForEach-Object { (Get-Help $_ -Full).alertSet.alert.Text } | Out-String -Width 100000
        [enum]::GetNames([LocalDeblur.EngineError]) | Where-Object { $notes -notmatch "\b$_\b" } | Should -BeNullOrEmpty
    }

    It 'has the parameters on its pages as the cmdlets have them' {
        $docs = Join-Path $PSScriptRoot ../../docs | Convert-Path
        & "$docs/Update-HelpPages.ps1" -Module $env:LOCALDEBLUR_MODULE -Destination $TestDrive
        foreach ($name in (Get-Command -Module LocalDeblur).Name) {
            $page = (Get-Content "$docs/en-US/$name.md" -Raw) -replace "`r`n", "`n"
            (Get-Content "$TestDrive/$name.md" -Raw) | Should -BeExactly $page -Because 'docs/Update-HelpPages.ps1 makes them so'
        }
    }

    # PlatyPS does not come with the clone; that a page was changed without it shows here.
    It 'says what the pages in docs say' {
        $docs = Join-Path $PSScriptRoot ../../docs/en-US | Convert-Path
        $letters = { param([string] $Text) [Net.WebUtility]::HtmlDecode(($Text -replace '\[([^\]]*)\]\([^)]*\)', '$1')) -replace '\W' }
        $help = & $letters ((Get-Content (Join-Path $docs LocalDeblur.PowerShell.dll-Help.xml) -Raw) -replace '<[^>]+>')
        $missing = foreach ($name in (Get-Command -Module LocalDeblur).Name) {
            $page = (Get-Content (Join-Path $docs "$name.md") -Raw) -replace "`r`n", "`n" -replace '(?s)^---\n.*?\n---' -replace '(?ms)^```.*?^```'
            foreach ($line in ($page -replace '(?s)### CommonParameters.*?(?=\n## )' -split "`n")) {
                if ($line -match '^[A-Z`''"(-]' -and $line.Length -gt 25 -and -not $help.Contains((& $letters $line))) {
                    "${name}: $line"
                }
            }
        }

        $missing | Should -BeNullOrEmpty -Because 'docs/Build-Help.ps1 makes the help of the pages'
    }

    It 'is generated from the pages in docs' {
        if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Where-Object Version -Like '1.0.*')) {
            Set-ItResult -Skipped -Because 'PlatyPS 1.0 is not installed'
            return
        }

        $docs = Join-Path $PSScriptRoot ../../docs/en-US | Convert-Path
        & (Join-Path $docs ../Build-Help.ps1) -Destination $TestDrive
        $fresh = (Get-Content (Join-Path $TestDrive LocalDeblur.PowerShell.dll-Help.xml) -Raw) -replace "`r`n", "`n"
        $fresh.Trim() | Should -BeExactly (((Get-Content (Join-Path $docs LocalDeblur.PowerShell.dll-Help.xml) -Raw) -replace "`r`n", "`n").Trim())
    }
}
