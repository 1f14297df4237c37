BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'The tutorial' {
    BeforeAll {
        $page = Join-Path $PSScriptRoot ../../docs/tutorial.md
        $blocks = [regex]::Matches((Get-Content -LiteralPath $page -Raw), '(?ms)^```powershell\r?\n(.*?)^```') | ForEach-Object { $_.Groups[1].Value }
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive tutorial)).FullName
        # Two levels up from the manifest is a folder as in PSModulePath.
        $modules = Split-Path (Split-Path (Split-Path $env:LOCALDEBLUR_MODULE))
        $script = @(
            "`$ErrorActionPreference = 'Stop'"
            "`$env:PSModulePath = '$modules' + [IO.Path]::PathSeparator + `$env:PSModulePath"
            "Set-Location -LiteralPath '$folder'"
            $blocks
            "'Q: {0}, rows: {1}, last step: {2}' -f (`$scores[1].Mean -gt `$scores[0].Mean), `$rows.Count, `$sharp.History[-1].Step"
            "'The end.'"
        ) -join "`n"
        $Output = Invoke-Child $script
    }

    It 'runs from its first line to its last' {
        $blocks.Count | Should -BeGreaterThan 10
        $Output[-1] | Should -Be 'The end.' -Because ($Output -join "`n")
    }

    It 'keeps what it says: files, a better score, a row for each method' {
        foreach ($file in 'fsc.png', 'sharp.mrc', 'sharp.history.json', 'mask.mrc', 'resolution.mrc', 'guinier.png', 'comparison/comparison.csv', 'localdeblur.mrc') {
            Join-Path $folder $file | Should -Exist
        }

        $Output[-2] | Should -Be 'Q: True, rows: 9, last step: LocalDeblur'
        $Output | Should -Contain 'MonoRes' -Because 'the history is listed'
        $text = Get-Content -LiteralPath $page -Raw
        $correlations = $Output -match '^Correlation'
        $correlations | Should -HaveCount 2
        foreach ($line in $correlations) {
            $text | Should -Match ('{0:0.000}' -f [double] ($line -split ': ')[1]) -Because 'the page says what the correlations are'
        }
    }
}
