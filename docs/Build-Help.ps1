#Requires -Modules Microsoft.PowerShell.PlatyPS
<#
.SYNOPSIS
    Makes the MAML file that Get-Help reads from the pages in docs/en-US.
.DESCRIPTION
    PlatyPS makes the file; what it leaves to be desired on the screen is put right here: code of examples where Get-Help looks
    for it, default values, and no Markdown.
#>
[CmdletBinding()]
param(
    # Folder that receives LocalDeblur.PowerShell.dll-Help.xml.
    [string] $Destination = (Join-Path $PSScriptRoot en-US)
)

$ErrorActionPreference = 'Stop'

function Format-Example($Example) {
    $introduction = $Example.SelectSingleNode('maml:introduction', $names)
    if ($introduction.InnerText -notmatch '(?s)^\s*```powershell\n(?<code>.*?)\n```\s*(?<rest>.*)$') {
        throw "An example does not begin with its code: $($introduction.InnerText)"
    }

    $Example.SelectSingleNode('dev:code', $names).InnerText = $Matches.code
    # PlatyPS parts its paragraphs with the control character U+0080.
    $text = ($Matches.rest -replace '[\s\u0080]+', ' ').Trim()
    $remarks = $Example.SelectSingleNode('dev:remarks', $names)
    foreach ($line in $text, '') {
        $paragraph = $Example.OwnerDocument.CreateElement('maml', 'para', $names.LookupNamespace('maml'))
        $paragraph.InnerText = $line
        $null = $remarks.AppendChild($paragraph)
    }

    $null = $Example.RemoveChild($introduction)
}

function Add-DefaultValue($Parameter, $Command) {
    $name = $Parameter.SelectSingleNode('maml:name', $names).InnerText
    $value = ($Command.Parameters | Where-Object Name -EQ $name).DefaultValue
    if ($value -and -not $Parameter.SelectSingleNode('dev:defaultValue', $names)) {
        $node = $Parameter.OwnerDocument.CreateElement('dev', 'defaultValue', $names.LookupNamespace('dev'))
        $node.InnerText = $value
        $null = $Parameter.AppendChild($node)
    }
}

$work = Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid())
try {
    $pages = Get-ChildItem (Join-Path $PSScriptRoot en-US) -Filter *-*.md | Sort-Object Name
    $commands = Import-MarkdownCommandHelp -LiteralPath $pages.FullName
    $null = $commands | Export-MamlCommandHelp -OutputFolder $work -Force
    $file = Get-ChildItem $work -Recurse -Filter *-Help.xml
    $maml = [xml]::new()
    $maml.PreserveWhitespace = $true
    $maml.LoadXml(((Get-Content -LiteralPath $file.FullName -Raw) -replace "`r`n", "`n"))
    $names = [System.Xml.XmlNamespaceManager]::new($maml.NameTable)
    'maml', 'command', 'dev' | ForEach-Object { $names.AddNamespace($_, $maml.DocumentElement.GetNamespaceOfPrefix($_)) }

    $maml.SelectNodes('//command:example', $names) | ForEach-Object { Format-Example $_ }
    foreach ($node in $maml.SelectNodes('//command:command', $names)) {
        $title = $node.SelectSingleNode('command:details/command:name', $names).InnerText
        $command = $commands | Where-Object Title -EQ $title
        $node.SelectNodes('command:parameters/command:parameter', $names) | ForEach-Object { Add-DefaultValue $_ $command }
    }

    # Get-Help -Online opens the first address among the links, which is the page itself; the others are names to ask Get-Help for.
    foreach ($link in @($maml.SelectNodes('//maml:navigationLink', $names))) {
        $uri = $link.SelectSingleNode('maml:uri', $names)
        if ($link.SelectSingleNode('maml:linkText', $names).InnerText -ne 'Online Version') {
            $uri.InnerText = ''
        }
        elseif ($uri.InnerText -notlike 'https://*') {
            throw 'A page has no HelpUri.'
        }
    }

    $maml.SelectNodes('//maml:para', $names) | ForEach-Object { $_.InnerText = $_.InnerText.Replace('`', '') }

    $text = $maml.OuterXml
    if ($text.Contains('{{')) {
        throw 'A page still holds a placeholder of PlatyPS ({{ … }}).'
    }

    Set-Content -LiteralPath (Join-Path $Destination $file.Name) -Value $text.TrimEnd()
}
finally {
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction Ignore
}
