#Requires -Version 7.6
# Runs the Pester tests on the staged module, in the PowerShell that runs this, and ends with an error unless all of them pass.

$ErrorActionPreference = 'Stop'
$result = Join-Path ([IO.Path]::GetTempPath()) "pester-$PID.json"
& (Join-Path $PSScriptRoot ../Tests/Pester/Run.ps1 | Convert-Path) -Result $result
$counts = Get-Content -LiteralPath $result -Raw | ConvertFrom-Json
Remove-Item -LiteralPath $result
$counts.Failures
"PowerShell $($PSVersionTable.PSVersion): $($counts.Passed) passed, $($counts.Failed) failed, $($counts.Skipped) skipped"
if ($counts.Failed -gt 0 -or $counts.Passed -eq 0) {
    exit 1
}
