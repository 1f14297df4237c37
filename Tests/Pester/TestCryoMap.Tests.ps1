BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Test-CryoMap' {
    BeforeAll {
        New-TestMap | Export-CryoMap "$TestDrive/good.mrc" -NoHistory
        Copy-Item "$TestDrive/good.mrc" "$TestDrive/stamp.mrc"
        $stream = [IO.File]::OpenWrite("$TestDrive/stamp.mrc")
        try {
            $stream.Position = 212
            $stream.Write([byte[]] (0, 0, 0, 0))
        }
        finally { $stream.Dispose() }

        [IO.File]::WriteAllBytes("$TestDrive/short.mrc", [IO.File]::ReadAllBytes("$TestDrive/good.mrc")[0..4000])
    }

    It 'finds nothing in a sound file' {
        $report = Test-CryoMap "$TestDrive/good.mrc"
        $report.IsValid | Should -BeTrue
        $report.Findings | Should -BeNullOrEmpty
        ($report | Out-String) | Should -Match 'Findings\s*: none'
    }

    It 'numbers what it finds' {
        $report = Test-CryoMap "$TestDrive/stamp.mrc"
        $report.IsValid | Should -BeTrue
        $report.Findings.Rule | Should -Contain 3
        ($report.Findings | Out-String) | Should -Match 'Machine stamp'
    }

    It 'calls a truncated file not valid' {
        (Test-CryoMap "$TestDrive/short.mrc").IsValid | Should -BeFalse
    }

    It 'answers yes or no with -Quiet' {
        Test-CryoMap "$TestDrive/good.mrc" -Quiet | Should -BeTrue
        Test-CryoMap "$TestDrive/short.mrc" -Quiet | Should -BeFalse
        Test-CryoMap $PSCommandPath -Quiet | Should -BeFalse
    }

    It 'takes wildcards and files' {
        @(Test-CryoMap "$TestDrive/*.mrc").Count | Should -Be 3
        @(Get-ChildItem "$TestDrive/*.mrc" | Test-CryoMap -Quiet).Count | Should -Be 3
    }

    It 'checks the file of a map that is piped in, and refuses a computed one' {
        (Import-CryoMap "$TestDrive/good.mrc" | Test-CryoMap).IsValid | Should -BeTrue
        { New-TestMap | Test-CryoMap -ErrorAction Stop } | Should -Throw -ErrorId 'MapWithoutHeader,*'
    }

    It 'writes MapFileNotFound for a missing file' {
        { Test-CryoMap "$TestDrive/none.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
        { Test-CryoMap -LiteralPath "$TestDrive/none.mrc" -Quiet -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }
}
