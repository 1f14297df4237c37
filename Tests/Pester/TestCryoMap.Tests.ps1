BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Test-CryoMap' {
    BeforeAll { New-CheckedFiles $TestDrive }

    It 'answers with a Boolean: whether every rule holds that has to' {
        Test-CryoMap "$TestDrive/good.mrc" | Should -BeOfType bool
        Test-CryoMap "$TestDrive/good.mrc" | Should -BeTrue
        Test-CryoMap "$TestDrive/stamp.mrc" | Should -BeTrue
        Test-CryoMap "$TestDrive/short.mrc" | Should -BeFalse
        Test-CryoMap $PSCommandPath | Should -BeFalse
    }

    It 'decides in an if' {
        $(if (Test-CryoMap "$TestDrive/good.mrc") { 'used' }) | Should -Be 'used'
        $(if (Test-CryoMap "$TestDrive/short.mrc") { 'used' }) | Should -BeNullOrEmpty
    }

    It 'answers as the report does' {
        foreach ($file in Get-ChildItem "$TestDrive/*.mrc") {
            $file | Test-CryoMap | Should -Be (Get-CryoMapReport $file).IsValid
        }
    }

    It 'answers for every file of a wildcard or a pipeline' {
        Test-CryoMap "$TestDrive/*.mrc" | Should -Be $true, $false, $true
        Get-ChildItem "$TestDrive/*.mrc" | Test-CryoMap | Should -Be $true, $false, $true
    }

    It 'tests the file of a map in memory, and refuses a computed one' {
        $map = Import-CryoMap "$TestDrive/good.mrc"
        $map | Test-CryoMap | Should -BeTrue
        Test-CryoMap -InputObject $map | Should -BeTrue
        { New-TestMap | Test-CryoMap -ErrorAction Stop } | Should -Throw -ErrorId 'MapWithoutHeader,*'
    }

    It 'writes MapFileNotFound for a missing file, and no answer' {
        $answer = Test-CryoMap "$TestDrive/none.mrc" -ErrorAction SilentlyContinue -ErrorVariable failure
        $answer | Should -BeNullOrEmpty
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound,*'
        { Test-CryoMap -LiteralPath "$TestDrive/none.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }
}
