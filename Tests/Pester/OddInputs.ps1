#Requires -Version 7.4
<#
.SYNOPSIS
    Runs the cases of Tests/Fuzz/OddCmdletTests.cs, one after the other in one session, and writes what came of each as a line of JSON.
#>
[CmdletBinding()]
param(
    # The staged module's folder.
    [Parameter(Mandatory)]
    [string] $Module,

    # The cases: what is run, and the files that stand for its variables.
    [Parameter(Mandatory)]
    [string] $Cases,

    # Where the lines go.
    [Parameter(Mandatory)]
    [string] $Result
)

Import-Module (Join-Path $Module LocalDeblur.psd1) -ErrorAction Stop
$ErrorActionPreference = 'Continue'

# On maps this small, threads would do little but wait for each other.
$PSDefaultParameterValues['*:Threads'] = 1

$usings = 'System', 'System.Collections.Generic', 'System.Linq' | ForEach-Object { "using $_;" }
Add-Type -TypeDefinition (@($usings) + (Get-Content -LiteralPath $PSScriptRoot/NumberWalk.cs) -join "`n") -CompilerOptions '-nullable:enable', '-langversion:latest' -IgnoreWarnings

$names = 'Half1', 'Half2', 'Mask', 'Resolution', 'Truth', 'Model'
$lines = foreach ($case in Get-Content -LiteralPath $Cases -Raw | ConvertFrom-Json) {
    $To = $case.To
    foreach ($name in $names) {
        Set-Variable $name $case.Input.$name
    }

    $records = [System.Collections.Generic.List[object]]::new()
    $objects = try {
        & ([scriptblock]::Create($case.Script)) 2>&1 3>$null | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { $records.Add($_) } else { $_ } }
    }
    catch {
        $records.Add($_)
    }

    $faults = @(
        # As the cmdlets wrote them.
        [LocalDeblur.Tests.NumberWalk]::Faults(@($objects.ForEach{ $_.PSObject.BaseObject }))
        # What passes through is as it was; what is made has no such voxels.
        foreach ($map in $objects.Where{ $_ -is [LocalDeblur.Maps.CryoMap] -and $_.Path -notin $names.ForEach{ $case.Input.$_ } -and -not [double]::IsFinite($_.Mean) }) {
            "'$($map.Name)' has voxels that are not finite"
        }
    )
    $errors = @(
        foreach ($record in $records) {
            @{ Id = ($record.FullyQualifiedErrorId -split ',')[0]; IsBinding = $record.Exception -is [System.Management.Automation.ParameterBindingException]; Message = "$record" }
        }
    )
    $text = try { $objects | Out-String } catch { $faults += "no view: $_"; '' }
    @{ Errors = $errors; Faults = $faults; Text = $text } | ConvertTo-Json -Compress -Depth 4
}

$lines | Set-Content -LiteralPath $Result
