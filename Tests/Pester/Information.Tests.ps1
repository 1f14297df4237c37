# What a script keeps of a run: the decisions, in the information stream.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-CryoPhantom -Size 48
    $halves = @{ HalfMap1 = $phantom.HalfMap1; HalfMap2 = $phantom.HalfMap2 }
}

Describe 'The information stream' {
    It 'has every decision of a run, with tags' {
        $mask = New-CryoMask @halves -InformationVariable notes -WarningAction SilentlyContinue
        $mask.History[-1].Decisions | Should -Not -BeNullOrEmpty
        $notes.MessageData | Should -Be ($mask.History[-1].Decisions | ForEach-Object { "$($mask.Name): $_" })
        foreach ($note in $notes) {
            $note.Tags | Should -Be 'LocalDeblur', 'Decision'
        }
    }

    It 'has what -Verbose says, in the same order' {
        $sharp = Invoke-LocalDeblur @halves -Verbose -InformationVariable notes -WarningAction SilentlyContinue 4>&1
        $said = $sharp | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message
        $said.Count | Should -BeGreaterThan 3
        $notes.MessageData | Should -Be $said
    }

    It 'says which files were written' {
        $phantom.Truth | Export-CryoMap "$TestDrive/truth.mrc" -InformationVariable notes
        $notes.Tags | Should -Be 'LocalDeblur', 'File'
        $notes.MessageData | Should -BeLike "*written to '*truth.mrc'."
        Measure-FourierShellCorrelation @halves | Export-FscPlot "$TestDrive/fsc.svg" -InformationVariable notes
        $notes.Tags | Should -Be 'LocalDeblur', 'File'
    }

    It 'says what a model and a filter bank were taken for' {
        $null = New-FilterBank -VoxelSize 1 -Size 32 -CoarsestResolution 6 -InformationVariable notes
        $notes.MessageData | Should -Match 'rank'
        Measure-FourierShellCorrelation @halves -Mask $phantom.Mask -InformationVariable notes | Should -Not -BeNullOrEmpty
        $notes.MessageData -join ' ' | Should -Match 'random'
    }

    It 'is silent unless asked for, and then goes into a transcript' {
        $script = "Import-Module '$env:LOCALDEBLUR_MODULE'; `$p = New-CryoPhantom -Size 32; " +
            "`$null = New-CryoMask -HalfMap1 `$p.HalfMap1 -HalfMap2 `$p.HalfMap2 -WarningAction Ignore"
        Invoke-Child $script | Should -BeNullOrEmpty
        $null = Invoke-Child "`$null = Start-Transcript '$TestDrive/run.txt'; $script -InformationAction Continue; `$null = Stop-Transcript"
        Get-Content "$TestDrive/run.txt" -Raw | Should -Match 'phantom-half1: .*threshold'
    }
}
