BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-ReferenceFile' {
    AfterEach {
        $env:LOCALDEBLUR_REQUIRE_REFERENCE = $required
        $env:LOCALDEBLUR_REFERENCE = $folder
    }

    BeforeEach {
        $required = $env:LOCALDEBLUR_REQUIRE_REFERENCE
        $folder = $env:LOCALDEBLUR_REFERENCE
    }

    It 'finds a file of the repository, whatever LOCALDEBLUR_REFERENCE says' {
        $env:LOCALDEBLUR_REFERENCE = $TestDrive
        Get-ReferenceFile lobes64/map.mrc.gz | Should -Be (Convert-Path $PSScriptRoot/../Data/Reference/lobes64/map.mrc.gz)
    }

    It 'finds another file in the folder that LOCALDEBLUR_REFERENCE names' {
        $env:LOCALDEBLUR_REFERENCE = $TestDrive
        $null = New-Item "$TestDrive/set/figures.csv" -Force
        Get-ReferenceFile set/figures.csv | Should -Be (Convert-Path $TestDrive/set/figures.csv)
    }

    It 'fails for a missing file where LOCALDEBLUR_REQUIRE_REFERENCE is 1' {
        $env:LOCALDEBLUR_REQUIRE_REFERENCE = '1'
        { Get-ReferenceFile none/figures.csv } | Should -Throw "*'none/figures.csv'*LOCALDEBLUR_REQUIRE_REFERENCE*"
    }

    It 'skips a test for a missing file' {
        $env:LOCALDEBLUR_REQUIRE_REFERENCE = ''
        { Get-ReferenceFile none/figures.csv } | Should -Throw -ErrorId PesterTestSkipped
    }
}
