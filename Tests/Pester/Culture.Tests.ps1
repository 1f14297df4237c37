BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Under de-DE' {
    BeforeAll {
        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = 'de-DE'
        $map = New-TestMap -VoxelSize 1.06 -Origin 12.5, -3, 40
    }

    AfterAll { [cultureinfo]::CurrentCulture = $culture }

    It 'really is' { (1.5).ToString() | Should -Be '1,5' }

    It 'shows numbers with a point' {
        $text = ($map | Out-String -Width 200) + (New-FilterBank -VoxelSize 1.06 -Size 64 -CoarsestResolution 8 | Out-String)
        $text | Should -Match '1\.06'
        $text | Should -Match '12\.5, -3, 40'
        $text | Should -Not -Match '1,06'
    }

    It 'writes messages with a point' {
        New-TestMap -VoxelSize 1.5 | Compare-CryoMap -Reference $map -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure.Exception.Message | Should -Match '1\.06'
    }

    It 'writes files with a point, and reads them back' {
        $map | Export-CryoMap "$TestDrive/a.mrc"
        "$((Import-CryoMap "$TestDrive/a.mrc").Origin)" | Should -Be '12.5, -3, 40'
        (Get-CryoMapHeader "$TestDrive/a.mrc").Labels -join ' ' | Should -Not -Match '\d,\d'
        { Get-Content "$TestDrive/a.history.json" -Raw | ConvertFrom-Json } | Should -Not -Throw
    }

    It 'sharpens to the same map' {
        $sharp = Invoke-LocalDeblur "$Lobes/map.mrc.gz" "$Lobes/locres.mrc.gz"
        ($sharp | Compare-CryoMap -Reference "$Lobes/localdeblur_default.mrc.gz").RelativeRmsDifference | Should -BeLessThan 1e-5
        ($sharp.History[-1] | Out-String) | Should -Match 'StepSize = 4\.06389'
    }

    It 'says decisions about masks and local resolution with a point' {
        $phantom = New-Phantom
        $half1 = $phantom.DrawHalfMap(1)
        $half2 = $phantom.DrawHalfMap(2)
        $verbose = $half1, $half2 | Measure-LocalResolution -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $verbose -join "`n" | Should -Match 'The threshold is 0\.\d'
        $verbose -join "`n" | Should -Not -Match '\d,\d'
    }

    It 'completes -K with a point' {
        $line = 'Invoke-LocalDeblur -K '
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches[0].CompletionText | Should -Be '0.025'
    }
}
