#Requires -Version 7.4
<#
.SYNOPSIS
    Repeats the comparison of the LocalDeblur paper on the maps of its entries in the EMDB, and writes what comes out beside what the paper claims.
.DESCRIPTION
    Ramírez-Aportela et al., Automatic local resolution-based sharpening of cryo-EM maps, Bioinformatics 36 (2020) 765-772. For each entry: maps, half maps and model are
    fetched (Save-EmdbEntry), the local resolution is measured by MonoRes, every method runs with its defaults (Compare-SharpeningMethod), and the model scores them. Where an
    entry has no half maps, its primary map is taken, which authors often deposit sharpened; the table says so.

    The folder then has a folder for each entry, reproduction.csv and reproduction.md. An entry that fails is a row with its reason, and the others go on. Called again, the
    script goes on where it was: entries that are done with these methods by this version are not done again, and broken transfers go on.

    The claims are those of the paper's abstract, in our words; its figures for single maps are not repeated here.
.EXAMPLE
    ./docs/reproduce-paper.ps1 -Destination paper
.EXAMPLE
    ./docs/reproduce-paper.ps1 -Entry EMD-5778 -Method Raw, LocalDeblur -Destination trpv1
#>
[CmdletBinding()]
param(
    # Accession codes.
    [ValidateNotNullOrEmpty()]
    [string[]] $Entry = ('EMD-5778', 'EMD-2660', 'EMD-6287', 'EMD-4288', 'EMD-8944', 'EMD-8623'),

    # Folder for everything: files of the archive, sharpened maps, tables. Some gigabytes for all entries.
    [ValidateNotNullOrEmpty()]
    [string] $Destination = 'reproduce-paper',

    # Methods, as Compare-SharpeningMethod names them.
    [ValidateNotNullOrEmpty()]
    [string[]] $Method = ('Raw', 'BFactor', 'AutoSharpen', 'LocalDeblur', 'LocScale'),

    # Servers to ask instead of the public ones.
    [uri[]] $Server = @(),

    # Most memory of a run (bytes); what the machine has where it is 0.
    [long] $MemoryLimit = 0,

    # Manifest of the module.
    [string] $Module = (Get-ChildItem (Join-Path $PSScriptRoot ../output/LocalDeblur/*/LocalDeblur.psd1) -ErrorAction Ignore | Select-Object -Last 1).FullName
)

$ErrorActionPreference = 'Stop'
Import-Module ($Module ? $Module : 'LocalDeblur')
$version = (Get-Module LocalDeblur).Version
$limit = $MemoryLimit -gt 0 ? @{ MemoryLimit = $MemoryLimit } : @{}
$asked = $Server ? @{ Server = $Server } : @{}
$invariant = [cultureinfo]::InvariantCulture

# Whole or absent, so that what is there is done.
function Set-WholeContent([string] $Path, [string[]] $Text) {
    Set-Content -LiteralPath "$Path.tmp" -Value $Text
    Move-Item -LiteralPath "$Path.tmp" -Destination $Path -Force
}

function Format-Number($Value, [string] $Format = '0.000') {
    $null -eq $Value -or [double]::IsNaN($Value) ? '' : ([double] $Value).ToString($Format, $invariant)
}

# The rows of one entry.
function Get-EntryResult([string] $Id, [string] $Folder) {
    $files = Save-EmdbEntry $Id (Join-Path $Folder data) -HalfMaps -Model @asked -WarningAction SilentlyContinue
    $maps = $files.HalfMap2 ? @{ HalfMap1 = $files.HalfMap1; HalfMap2 = $files.HalfMap2 } : @{ Map = $files.PrimaryMap; Resolution = $files.Resolution }
    $local = @{}
    foreach ($name in $maps.Keys -ne 'Resolution') {
        $local[$name] = $maps[$name]
    }

    $resolution = Measure-LocalResolution @local @limit -WarningAction SilentlyContinue
    $scored = $files.Model ? @{ Model = $files.Model } : @{}
    $rows = Compare-SharpeningMethod @maps @scored @limit -LocalResolution $resolution -Method $Method -OutputDirectory (Join-Path $Folder maps) -Force `
        -WarningAction SilentlyContinue
    $figures = $resolution.History[-1].Figures
    foreach ($row in $rows) {
        [pscustomobject] @{
            Entry = $files.Id
            Title = $files.Title
            Input = $files.HalfMap2 ? 'half maps' : 'primary map'
            StatedResolution = $files.Resolution
            FinestLocalResolution = $figures.Minimum
            CoarsestLocalResolution = $figures.Maximum
            Method = $row.Method
            UsesModel = $row.UsesModel
            EMRinger = $row.EMRinger
            QScore = $row.QScore
            CCMask = $row.CCMask
            FscResolution05 = $row.FscResolution05
            GuinierDistance = $row.GuinierDistance
            Seconds = [math]::Round($row.Seconds, 1)
            Error = $row.Error
        }
    }
}

function Get-Report($Rows) {
    '# The LocalDeblur paper, repeated'
    ''
    "LocalDeblur $version, methods $($Method -join ', '), all with their defaults. What the paper claims (its abstract, in our words), and what to look at here:"
    ''
    '| the paper | here |'
    '|---|---|'
    '| sharpening by local resolution has a significant impact on how well a map can be interpreted, and helps modelling | EMRinger and Q of LocalDeblur against Raw and BFactor |'
    '| no parameters to speak of, no starting model | nothing but the maps was given to LocalDeblur; methods with a * saw the model |'
    '| most suitable for maps with a broad range of resolution | the gain of LocalDeblur against the range of local resolution |'
    ''
    '| entry | input | local resolution (Å) | method | EMRinger | Q | CC mask | FSC 0.5 (Å) | Guinier |'
    '|---|---|---|---|---|---|---|---|---|'
    foreach ($row in $Rows) {
        if ($row.Error) {
            "| $($row.Entry) | $($row.Input) | | $($row.Method) | $(("$($row.Error)" -replace '\s+', ' ').Replace('|', '/')) | | | | |"
            continue
        }

        $range = "$(Format-Number $row.FinestLocalResolution '0.0') to $(Format-Number $row.CoarsestLocalResolution '0.0')"
        "| $($row.Entry) | $($row.Input) | $range | $($row.Method)$($row.UsesModel ? '*' : '') | $(Format-Number $row.EMRinger '0.00') | $(Format-Number $row.QScore) " +
            "| $(Format-Number $row.CCMask) | $(Format-Number $row.FscResolution05 '0.00') | $(Format-Number $row.GuinierDistance) |"
    }

    ''
    '## Gain of LocalDeblur, broadest range of local resolution first'
    ''
    '| entry | range (Å) | Q over Raw | Q over BFactor | EMRinger over Raw | EMRinger over BFactor |'
    '|---|---|---|---|---|---|'
    $sets = $Rows | Where-Object { -not $_.Error } | Group-Object Entry
    $gains = foreach ($set in $sets) {
        $by = @{}
        $set.Group | ForEach-Object { $by[$_.Method] = $_ }
        if ($by.LocalDeblur) {
            $range = $by.LocalDeblur.CoarsestLocalResolution - $by.LocalDeblur.FinestLocalResolution
            $cells = foreach ($score in 'QScore', 'EMRinger') {
                foreach ($other in 'Raw', 'BFactor') {
                    $both = $by[$other] -and $null -ne $by[$other].$score -and $null -ne $by.LocalDeblur.$score
                    Format-Number ($both ? $by.LocalDeblur.$score - $by[$other].$score : $null) '+0.000;-0.000;0.000'
                }
            }

            @{ Range = $range; Line = "| $($set.Name) | $(Format-Number $range '0.0') | $($cells -join ' | ') |" }
        }
    }

    ($gains | Sort-Object { -$_.Range }).Line
    ''
    'A model that was refined in one of the maps favours what looks like it. The standard error of an EMRinger score is about 10/√L for L residues. A primary map is often'
    'sharpened already: then Raw is no raw map.'
}

$Destination = (New-Item -ItemType Directory -Force -Path $Destination).FullName
$failed = @()
$all = foreach ($id in $Entry) {
    $folder = (New-Item -ItemType Directory -Force -Path (Join-Path $Destination $id)).FullName
    $done = Join-Path $folder 'result.json'
    $key = "$version $($Method -join ' ')"
    try {
        $kept = (Test-Path -LiteralPath $done) ? (Get-Content -LiteralPath $done -Raw | ConvertFrom-Json) : $null
        if ($kept.Key -ne $key) {
            Write-Verbose "$id is fetched and compared."
            $kept = [pscustomobject] @{ Key = $key; Rows = @(Get-EntryResult $id $folder) }
            Set-WholeContent $done ($kept | ConvertTo-Json -Depth 4)
        }

        $kept.Rows
    }
    catch [System.Management.Automation.PipelineStoppedException] {
        throw
    }
    catch {
        $failed += $id
        [pscustomobject] @{ Entry = $id; Input = ''; Method = ''; Error = "$_" }
    }
}

# As text first, so that the columns of a row that failed are not those of all.
$columns = 'Entry', 'Title', 'Input', 'StatedResolution', 'FinestLocalResolution', 'CoarsestLocalResolution', 'Method', 'UsesModel', 'EMRinger', 'QScore', 'CCMask',
    'FscResolution05', 'GuinierDistance', 'Seconds', 'Error'
Set-WholeContent (Join-Path $Destination 'reproduction.csv') ($all | Select-Object $columns | ConvertTo-Csv)
Set-WholeContent (Join-Path $Destination 'reproduction.md') (Get-Report $all)
$all | Select-Object $columns
if ($failed) {
    $message = "$($failed.Count) of $($Entry.Count) entries failed: $($failed -join ', '). reproduction.md says why; call the script again to go on with them."
    Write-Error $message -ErrorAction Continue
}
