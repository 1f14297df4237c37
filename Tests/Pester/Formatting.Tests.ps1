BeforeDiscovery {
    # Every type that has a view, and every type that a cmdlet says it returns.
    Import-Module $env:LOCALDEBLUR_MODULE
    $viewed = ([xml] (Get-Content (Join-Path (Split-Path $env:LOCALDEBLUR_MODULE) LocalDeblur.Format.ps1xml) -Raw)).SelectNodes('//TypeName').InnerText -replace '#.*'
    $returned = (Get-Command -Module LocalDeblur).OutputType.Name | Where-Object { $_ -like 'LocalDeblur.*' }
    $types = $viewed + $returned | Sort-Object -Unique | ForEach-Object { @{ Type = $_ } }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $format = [LocalDeblur.PowerShell.Formatting.MapFormat]
}

Describe 'What the views show' {
    It 'says <Bytes> bytes as <Text>' -ForEach @(
        @{ Bytes = 512; Text = '512 bytes' }
        @{ Bytes = 1536; Text = '1.5 KB' }
        @{ Bytes = 7MB; Text = '7 MB' }
        @{ Bytes = 2.5GB; Text = '2.5 GB' }
    ) {
        $format::Bytes($Bytes) | Should -Be $Text
    }

    It 'rounds a voxel size that was stored as a 32-bit real' {
        $format::Number([float] 1.06, 4) | Should -Be '1.06'
        $format::Number([double]::NaN, 4) | Should -Be '-'
    }

    It 'shows three edges where voxels are not cubes' {
        $grid = [LocalDeblur.Maps.MapGrid]::new([LocalDeblur.Maps.GridSize]::new(8, 8, 8), [LocalDeblur.Maps.AxisTriple]::new(1, 2, 3), [LocalDeblur.Maps.AxisTriple]::new(0, 0, 0))
        $format::VoxelSize($grid) | Should -Be '1, 2, 3'
    }

    It 'cuts lists that would fill the screen' {
        $figures = [System.Collections.Generic.Dictionary[string, object]]::new()
        $figures['Norms'] = [double[]] (1..20)
        $entry = [LocalDeblur.Maps.HistoryEntry] @{ Step = 'Test'; Figures = $figures }
        ($entry | Out-String) | Should -Match 'Norms = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 …'
    }

    It 'never prints voxels: <_>' -ForEach 'Format-Table', 'Format-List', 'Out-String' {
        $map = New-TestMap -Size 32
        $text = $map | & $_ | Out-String
        $text.Length | Should -BeLessThan 2000
    }
}

Describe 'After an object of another type' {
    BeforeAll {
        New-CheckedFiles $TestDrive
        $phantom = New-CryoPhantom -Size 48
        $map = $phantom.HalfMap1
        $model = $phantom.Model
        $halves = @{ HalfMap1 = $map; HalfMap2 = $phantom.HalfMap2; Mask = $phantom.Mask }
        $fsc = Measure-FourierShellCorrelation @halves
        $bank = New-FilterBank -VoxelSize 1 -Size 32 -CoarsestResolution 6
        $report = Get-CryoMapReport "$TestDrive/short.mrc"
        $ringer = Measure-EMRinger $map $model
        $score = Measure-QScore $map $model
        $fit = Measure-MapModelFit $map $model -Resolution 4
        $phantom.HalfMap1 | Export-CryoMap "$TestDrive/half.mrc" -NoHistory
        $job = New-LocalDeblurJob "$TestDrive/job.json" -Map "$TestDrive/half.mrc" -Stage mask
        $entry = [LocalDeblur.Archives.EmdbEntry]::new('EMD-5778')
        $entry.Title = 'A stand-in'
        $entry.Resolution = 3.4
        $entry.PrimaryMap = "$TestDrive/emd_5778.map.gz"
        $entry.Files = [string[]] @($entry.PrimaryMap)
        $array = [LocalDeblur.Jobs.Slurm.SlurmArray] @{
            Id = '12'; Name = 'night'; Jobs = [string[]] $job.Path; Threads = 4; MemoryBytes = 1GB; Minutes = 30; Script = '#!/bin/sh'
            ScriptPath = 'night-1.sh'; ListPath = 'night-1.jobs.txt'; LogPattern = '%x-%A_%a.log'
        }
        $objects = @(
            $entry
            $job, ($job | Start-LocalDeblurJob), ($job | Get-LocalDeblurJob), $array
            $map, $map.History[0], $model, $model.Atoms[0], $phantom
            $fsc, $fsc.Resolutions[0], $fsc.Shells[1], $bank, $bank.Bands[0]
            Get-CryoMapHeader "$TestDrive/good.mrc"
            $report, $report.Findings[0]
            Compare-CryoMap $map -Reference $phantom.Truth
            Measure-GuinierProfile $map -FitRange 10, 3
            Measure-LocalResolution @halves -All
            Invoke-LocalWiener @halves -All
            Invoke-BFactorSharpening -HalfMap1 $map -HalfMap2 $phantom.HalfMap2 -FitRange 10, 3 -All
            $ringer, $ringer.Residues[0], $ringer.Thresholds[0], $ringer.Windows[0]
            $score, $score.Atoms[0], $score.Residues[0], $score.Chains[0]
            $fit, $fit.Residues[0]
            Compare-SharpeningMethod $map -Mask $phantom.Mask -Model $model -Resolution 4 -Method Raw
            Compare-SharpeningMethod -HalfMap1 $map, $phantom.HalfMap2 -HalfMap2 $phantom.HalfMap2, $map -Mask $phantom.Mask -Model $model -Resolution 4 -Method Raw
        )
        $samples = @{}
        foreach ($object in $objects | ForEach-Object { $_ }) {
            $samples[$object.GetType().FullName] = $object
        }

        # One whose view is a table, one whose view is a list.
        $before = @($samples['LocalDeblur.Maps.CryoMap'], $fsc)
    }

    It '<Type> shows some members in a few lines, and no list of records' -ForEach $types {
        $samples.Keys | Should -Contain $Type
        $object = $samples[$Type]
        foreach ($other in $before | Where-Object { $_.GetType() -ne $object.GetType() }) {
            $alone = ($other | Out-String -Width 120) -split '\r?\n'
            $lines = ($other, $object | Out-String -Width 120) -split '\r?\n'
            $shown = $lines[$alone.Count..($lines.Count - 1)] | Where-Object { $_.Trim() }
            $shown.Count | Should -BeIn (1..16) -Because ($lines -join "`n")
            $shown -match 'System\.|LocalDeblur\.|@\{|\w+ \{ \w+ = ' | Should -BeNullOrEmpty
        }
    }

    It '<Type> shows members that it has' -ForEach $types {
        $names = (Get-TypeData $Type).DefaultDisplayPropertySet.ReferencedProperties
        $names | Should -Not -BeNullOrEmpty
        $names | Where-Object { -not $samples[$Type].PSObject.Properties[$_] } | Should -BeNullOrEmpty
    }
}
