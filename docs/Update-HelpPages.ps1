#Requires -Version 7.4
<#
.SYNOPSIS
    Brings the pages in docs/en-US up to date with the cmdlets: syntax, properties of parameters, online address.
.DESCRIPTION
    What people write (descriptions, examples, default values) stays as it is. A parameter that is new gets a placeholder for its
    description, which Build-Help.ps1 refuses; one that is gone loses its section. A new cmdlet needs a page to begin with.
#>
[CmdletBinding()]
param(
    # Manifest of the built module.
    [string] $Module = (Get-ChildItem (Join-Path $PSScriptRoot ../output/LocalDeblur/*/LocalDeblur.psd1) | Select-Object -Last 1).FullName,

    # Folder that receives the pages.
    [string] $Destination = (Join-Path $PSScriptRoot en-US)
)

$ErrorActionPreference = 'Stop'
$lineWidth = 100
$common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters |
    Where-Object { $_ -notin 'WhatIf', 'Confirm' }

function Get-Syntax($Command) {
    foreach ($set in $Command.ParameterSets | Sort-Object { -not $_.IsDefault } -Stable) {
        "### $($set.Name)$(if ($set.IsDefault -and $set.Name -ne '__AllParameterSets') { ' (Default)' })", '', '```'
        $line = $Command.Name
        foreach ($part in [regex]::Matches("$set" -replace ' ?\[<CommonParameters>\]', '\[\[-\w+\] <[^>]+>\]|\[-\w+\] <[^>]+>|\[-\w+( <[^>]+>)?\]|-\w+ <[^>]+>').Value) {
            if ($line.Length + 1 + $part.Length -gt $lineWidth) {
                $line
                $line = ''
            }

            $line += " $part"
        }

        $line, '```', ''
    }
}

function Get-TypeName([type] $Type) {
    $underlying = [Nullable]::GetUnderlyingType($Type)
    ($underlying ? $underlying : $Type).FullName
}

function Get-ParameterYaml($Parameter, [string] $DefaultValue) {
    '```yaml'
    "Type: $(Get-TypeName $Parameter.ParameterType)"
    "DefaultValue: $DefaultValue"
    "SupportsWildcards: $("$($Parameter.Attributes.TypeId -contains [System.Management.Automation.SupportsWildcardsAttribute])".ToLowerInvariant())"
    if ($Parameter.Aliases) {
        'Aliases:'
        $Parameter.Aliases | ForEach-Object { "- $_" }
    }
    else {
        'Aliases: []'
    }

    'ParameterSets:'
    foreach ($set in $Parameter.Attributes | Where-Object { $_ -is [Parameter] }) {
        "- Name: $($set.ParameterSetName -eq '__AllParameterSets' ? '(All)' : $set.ParameterSetName)"
        "  Position: $($set.Position -lt 0 ? 'Named' : $set.Position)"
        "  IsRequired: $("$($set.Mandatory)".ToLowerInvariant())"
        foreach ($property in 'ValueFromPipeline', 'ValueFromPipelineByPropertyName', 'ValueFromRemainingArguments') {
            "  ${property}: $("$($set.$property)".ToLowerInvariant())"
        }
    }

    'DontShow: false', 'AcceptedValues: []', "HelpMessage: ''", '```'
}

function Get-ParameterSections($Command, [string] $Written) {
    $sections = @{}
    foreach ($match in [regex]::Matches($Written, '(?ms)^### -(?<name>\w+)\n\n(?<text>.*?)\n\n```yaml\n.*?^DefaultValue: (?<value>[^\n]*)\n.*?^```\n')) {
        $sections[$match.Groups['name'].Value] = $match.Groups['text'].Value, $match.Groups['value'].Value
    }

    foreach ($parameter in $Command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name) {
        $text, $value = $sections.ContainsKey($parameter.Name) ? $sections[$parameter.Name] : ('{{ a description }}', "''")
        "### -$($parameter.Name)", '', $text, ''
        Get-ParameterYaml $parameter $value
        ''
    }
}

foreach ($command in Import-Module $Module -PassThru | ForEach-Object { $_.ExportedCommands.Values }) {
    $page = (Get-Content -LiteralPath (Join-Path $PSScriptRoot "en-US/$($command.Name).md") -Raw) -replace "`r`n", "`n"
    if ($page -notmatch '(?s)^(?<head>.*?\n## SYNTAX\n\n)(.*?)(?<middle>## DESCRIPTION\n.*?\n## PARAMETERS\n\n)(?<parameters>.*?)(?<tail>### CommonParameters\n.*)$') {
        throw "The page of $($command.Name) lacks one of the sections SYNTAX, DESCRIPTION, PARAMETERS and CommonParameters, or has them in another order."
    }

    $parts = $Matches
    $text = -join @(
        $parts.head -replace '(?m)^HelpUri: .*$', "HelpUri: $($command.HelpUri)"
        ((Get-Syntax $command) -join "`n") + "`n"
        $parts.middle
        ((Get-ParameterSections $command $parts.parameters) -join "`n") + "`n"
        $parts.tail
    )
    [IO.File]::WriteAllText((Join-Path $Destination "$($command.Name).md"), $text)
}
