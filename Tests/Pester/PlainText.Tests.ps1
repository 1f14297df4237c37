# Nothing that stands in a file, or is a file's name, commands the terminal: not in a view, a warning, a verbose line or an error.

BeforeAll {
    . $PSScriptRoot/Common.ps1

    $escape = [char] 27
    New-TestMap | Export-CryoMap "$TestDrive/good.mrc" -NoHistory
    $bytes = [IO.File]::ReadAllBytes("$TestDrive/good.mrc")
    [Text.Encoding]::ASCII.GetBytes("$escape[2J$escape]0;owned`n<script>").CopyTo($bytes, 224)
    $bytes[220] = 1
    $named = "$TestDrive/a$escape[2J.mrc"
    [IO.File]::WriteAllBytes("$TestDrive/label.mrc", $bytes)
    if (-not $IsWindows) {
        [IO.File]::WriteAllBytes($named, $bytes)
    }
}

Describe 'Text from files' {
    It 'is shown plain: the labels of a header' {
        $shown = Get-CryoMapHeader "$TestDrive/label.mrc" | Format-List | Out-String
        $shown | Should -BeLike '*\u001b*owned\u000a<script>*'
        $shown | Should -Not -Match $escape
    }

    It 'is shown plain: the name and path of a map, and what is said of it' -Skip:$IsWindows {
        $map = Import-CryoMap -LiteralPath $named -Verbose -WarningVariable warnings -WarningAction SilentlyContinue
        $shown = @($map | Format-List | Out-String) + @($map | Format-Table | Out-String) + @($warnings) + @($map.History | Format-List | Out-String)
        $shown -match $escape | Should -BeNullOrEmpty
        "$shown" | Should -BeLike '*a\u001b[[]2J.mrc*'
    }

    It 'is shown plain: an error' -Skip:$IsWindows {
        Import-CryoMap -LiteralPath "$TestDrive/none$escape[2J.mrc" -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].Exception.Message | Should -BeLike '*\u001b*'
        $failures[0].Exception.Message | Should -Not -Match $escape
    }
}

Describe 'One map that is named as a half' {
    It 'is warned of by <_>' -ForEach 'Invoke-AutoSharpen', 'Invoke-BFactorSharpening' {
        $half = (New-CryoPhantom -Size 48).HalfMap1
        $half | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory -Force
        $null = & $_ "$TestDrive/half1.mrc" -Resolution 6 -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings -match 'half1.mrc came alone' | Should -HaveCount 1
    }
}
