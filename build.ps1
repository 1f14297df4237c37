#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, shows and packs LocalDeblur.
.DESCRIPTION
    Build    stages the module in output/LocalDeblur/<version>/.
    Test     runs every test, those in a real pwsh included.
    Demo     runs the demo.
    Package  builds, then packs the module as output/LocalDeblur-<version>.zip.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Package')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

function Build {
    dotnet publish (Join-Path $PSScriptRoot LocalDeblur.PowerShell) -c $Configuration --nologo -v quiet
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
        $module = Build
        $zip = Join-Path $PSScriptRoot output "LocalDeblur-$($module.Name).zip"
        Compress-Archive -Path (Split-Path $module) -DestinationPath $zip -Force
        Get-Item $zip
    }
}
