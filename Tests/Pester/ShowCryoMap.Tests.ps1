BeforeAll {
    . $PSScriptRoot/Common.ps1
    $map = New-TestMap -Size 24
}

Describe 'Show-CryoMap' {
    It 'draws and returns nothing where the output is no terminal' {
        New-TestMap -Size 24 | Export-CryoMap "$TestDrive/a.mrc" -NoHistory
        $text = Invoke-Child "Import-Module '$env:LOCALDEBLUR_MODULE'; Show-CryoMap '$TestDrive/a.mrc' -Style Blocks"
        $text | Should -BeNullOrEmpty
    }

    It 'says so when asked' {
        $notes = $map | Show-CryoMap -Style Text -Verbose 4>&1
        "$notes" | Should -Match 'no terminal'
    }

    It 'takes curves and profiles by name' {
        { Show-CryoMap -Fsc ($map, (New-TestMap -Size 24 -Seed 2) | Measure-FourierShellCorrelation) } | Should -Not -Throw
        { Show-CryoMap -Guinier ($map | Measure-GuinierProfile) } | Should -Not -Throw
    }
}
