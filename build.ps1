#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, shows and packs LocalDeblur.
.DESCRIPTION
    Build      stages the module in output/LocalDeblur/<version>/.
    Test       runs every test, those in a real pwsh included.
    Demo       runs the demo.
    Package    makes all of a release in output/packages: the module as a zip and as a nupkg, runners that need no .NET, bills of
               materials (CycloneDX) and SHA256SUMS.
    Platforms  runs the demo on the platforms that this machine can stand in for (Arm64 by qemu-aarch64, Windows by Wine), compares
               the maps bit by bit with those made here, and says what it could not try.

    Without PowerShell on the machine: dotnet tool restore, then dotnet pwsh build.ps1.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Package', 'Platforms')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

function Build {
    dotnet publish (Join-Path $PSScriptRoot LocalDeblur.PowerShell) -c $Configuration --nologo -v quiet | Out-Host
    $output = Join-Path $PSScriptRoot output
    if ($Configuration -ne 'Release') {
        $output = Join-Path $output $Configuration
    }

    $version = (Import-PowerShellDataFile (Join-Path $PSScriptRoot LocalDeblur.psd1)).ModuleVersion
    Get-Item (Join-Path $output LocalDeblur $version)
}

switch ($Task) {
    Build {
        $module = Build
        "Staged in $module"
        "Import-Module '$(Split-Path $module)'"
    }
    Test { dotnet test (Join-Path $PSScriptRoot LocalDeblur.sln) -c $Configuration --nologo }
    Demo { dotnet run --project (Join-Path $PSScriptRoot LocalDeblur.Runner) -c $Configuration -- demo }
    Package {
        if ($Configuration -ne 'Release') {
            throw 'Only Release is packed.'
        }

        . $PSScriptRoot/build/Package.ps1
        dotnet tool restore --tool-manifest (Join-Path $PSScriptRoot dotnet-tools.json) | Out-Host
        New-Release (Build)
    }
    Platforms {
        . $PSScriptRoot/build/Platforms.ps1
        $rows = @(Test-Platform)
        $rows
        if ($rows.Passed -contains $false) {
            throw 'A platform did not give what this one gives.'
        }
    }
}
