#Requires -Version 7.4
<#
.SYNOPSIS
    Runs every Pester test and writes the counts as JSON.
.DESCRIPTION
    The exit code is 0 when the result was written, whatever it says; the result has Passed, Failed, Skipped, Total, Failures and Skips.
    dotnet test runs this; by hand, in the PowerShell that the tool manifest brings: dotnet pwsh Tests/Pester/Run.ps1 -Result pester.json
#>
[CmdletBinding()]
param(
    # Where the result goes.
    [Parameter(Mandatory)]
    [string] $Result,

    # The staged module's folder, the one with the manifest.
    [string] $Module = (Get-ChildItem (Join-Path $PSScriptRoot ../../output/LocalDeblur) -Directory -ErrorAction Ignore |
            Sort-Object { [version] $_.Name } | Select-Object -Last 1).FullName,

    # Manifest of the Pester module; left out, the one that the build restored.
    [string] $Pester,

    # Which test files, by wildcard.
    [string] $Filter = '*'
)

$ErrorActionPreference = 'Stop'

if (-not $Pester) {
    $version = ([xml] (Get-Content -LiteralPath (Join-Path $PSScriptRoot ../LocalDeblur.Tests.csproj) -Raw)).SelectSingleNode('//PesterVersion').InnerText
    $packages = $env:NUGET_PACKAGES ? $env:NUGET_PACKAGES : (Join-Path $HOME .nuget packages)
    $Pester = Join-Path $packages pester $version tools Pester.psd1
}

if (-not $Module -or -not (Test-Path -LiteralPath (Join-Path $Module LocalDeblur.psd1))) {
    # Not a reason to skip: whoever runs the tests has built the module.
    throw "The module is not staged in '$Module' (./build.ps1)."
}

Import-Module $Pester
$Module = Convert-Path -LiteralPath $Module
$env:LOCALDEBLUR_MODULE = Join-Path $Module LocalDeblur.psd1
$configuration = New-PesterConfiguration
$configuration.Run.Path = (Get-ChildItem (Join-Path $PSScriptRoot "$Filter.Tests.ps1")).FullName
$configuration.Run.PassThru = $true
$configuration.Run.Exit = $false
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.CIFormat = 'None'
$run = Invoke-Pester -Configuration $configuration

$failures = @(
    foreach ($test in $run.Failed) { "$($test.ExpandedPath): $($test.ErrorRecord | Select-Object -First 1)" }
    foreach ($block in $run.FailedBlocks) { "$($block.ExpandedPath) (set-up): $($block.ErrorRecord | Select-Object -First 1)" }
    foreach ($container in $run.FailedContainers) { "$($container.Item) (file): $($container.ErrorRecord | Select-Object -First 1)" }
)
@{
    Total    = $run.TotalCount
    Passed   = $run.PassedCount
    Failed   = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
    Skipped  = $run.SkippedCount + $run.NotRunCount
    Seconds  = [math]::Round($run.Duration.TotalSeconds, 1)
    Failures = $failures
    Skips    = @(foreach ($test in $run.Skipped) { "$($test.ExpandedPath): $($test.ErrorRecord | Select-Object -First 1)" })
} | ConvertTo-Json | Set-Content -LiteralPath $Result
