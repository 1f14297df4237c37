BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Get-CryoMapReport' {
    BeforeAll { New-CheckedFiles $TestDrive }

    It 'finds nothing in a sound file' {
        $report = Get-CryoMapReport "$TestDrive/good.mrc"
        $report.IsValid | Should -BeTrue
        $report.Findings | Should -BeNullOrEmpty
        ($report | Out-String) | Should -Match 'Findings\s*: none'
    }

    It 'numbers what it finds' {
        $report = Get-CryoMapReport "$TestDrive/stamp.mrc"
        $report.IsValid | Should -BeTrue
        $report.Findings.Rule | Should -Contain 3
        ($report.Findings | Out-String) | Should -Match 'Machine stamp'
    }

    It 'calls a truncated file not valid' {
        (Get-CryoMapReport "$TestDrive/short.mrc").IsValid | Should -BeFalse
    }

    It 'takes wildcards and files' {
        @(Get-CryoMapReport "$TestDrive/*.mrc").Count | Should -Be 3
        @(Get-ChildItem "$TestDrive/*.mrc" | Get-CryoMapReport | Where-Object -Not IsValid).Path | Should -Be (Convert-Path "$TestDrive/short.mrc")
    }

    It 'checks the file of a map in memory, and refuses a computed one' {
        $map = Import-CryoMap "$TestDrive/good.mrc"
        ($map | Get-CryoMapReport).Path | Should -Be $map.Path
        (Get-CryoMapReport -InputObject $map).IsValid | Should -BeTrue
        { New-TestMap | Get-CryoMapReport -ErrorAction Stop } | Should -Throw -ErrorId 'MapWithoutHeader,*'
    }

    It 'writes MapFileNotFound for a missing file' {
        { Get-CryoMapReport "$TestDrive/none.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
        { Get-CryoMapReport -LiteralPath "$TestDrive/none.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }
}
