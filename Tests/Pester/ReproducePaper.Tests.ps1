# docs/reproduce-paper.ps1, rehearsed against a server of this machine with synthetic stand-ins: whether the script works, not what it finds.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    Start-EmdbStandIn

    $phantom = New-CryoPhantom -Size 48
    $bytes = foreach ($map in $phantom.HalfMap1, $phantom.HalfMap2) {
        $map | Export-CryoMap "$TestDrive/stand-in.mrc" -NoHistory -Force
        , [IO.File]::ReadAllBytes("$TestDrive/stand-in.mrc")
    }

    $tags = 'group_PDB', 'id', 'type_symbol', 'label_atom_id', 'label_alt_id', 'label_comp_id', 'label_asym_id', 'label_seq_id', 'Cartn_x', 'Cartn_y', 'Cartn_z'
    $atoms = foreach ($atom in $phantom.Model.Atoms) {
        [string]::Format([cultureinfo]::InvariantCulture, 'ATOM {0} {1} {2} . {3} {4} {5} {6:0.000} {7:0.000} {8:0.000}',
            $atom.Serial, $atom.Element, $atom.Name, $atom.ResidueName, $atom.Chain, $atom.ResidueNumber, $atom.X, $atom.Y, $atom.Z)
    }

    $model = [Text.Encoding]::UTF8.GetBytes((@('data_1ABC', 'loop_') + ($tags | ForEach-Object { "_atom_site.$_" }) + $atoms -join "`n") + "`n")
    [LocalDeblur.Tests.EmdbStandIn]::Add($Server, 5778, $bytes[0], [byte[][]] $bytes, $null, $model)
    [LocalDeblur.Tests.EmdbStandIn]::Add($Server, 2660, $bytes[0], [byte[][]]::new(0), $null, $null)
    $folder = "$TestDrive/paper"
    $script = Join-Path $PSScriptRoot ../../docs/reproduce-paper.ps1 | Convert-Path
    $given = @{
        Module = $env:LOCALDEBLUR_MODULE; Server = $Server.Address; Destination = $folder; Method = 'Raw', 'LocalDeblur'
        Entry = 'EMD-5778', 'EMD-9999', 'EMD-2660'
    }
}

AfterAll { $Server.Dispose() }

Describe 'The script that repeats the paper' {
    It 'compares every entry, says which failed, and goes on' {
        $rows = & $script @given -ErrorVariable errors -ErrorAction SilentlyContinue 2>$null
        $rows.Entry | Should -Be 'EMD-5778', 'EMD-5778', 'EMD-9999', 'EMD-2660', 'EMD-2660' -Because ($rows.Error -join '; ')
        $rows.Method | Should -Be 'Raw', 'LocalDeblur', '', 'Raw', 'LocalDeblur'
        $rows[0].QScore | Should -BeOfType ([double])
        $rows[1].CoarsestLocalResolution | Should -BeGreaterThan $rows[1].FinestLocalResolution
        $rows[3].Input | Should -Be 'primary map'
        $rows[2].Error | Should -Match 'EMD-9999'
        (Import-Csv "$folder/reproduction.csv").Entry | Should -Be $rows.Entry
        $report = Get-Content "$folder/reproduction.md" -Raw
        $report | Should -Match '(?m)^\| EMD-5778 \| half maps \| \d+\.\d to \d+\.\d \| LocalDeblur \|'
        $report | Should -Match '(?m)^\| EMD-9999 \|'
        $report | Should -Match '(?m)^\| EMD-5778 \| \d+\.\d \| [+-]?\d\.\d{3} \|'
        Get-ChildItem $folder -Recurse -Filter *.tmp | Should -BeNullOrEmpty
    }

    It 'does no entry twice' {
        $before = $Server.Requests.Count
        $given.Entry = 'EMD-5778', 'EMD-2660'
        (& $script @given).Entry | Should -Be 'EMD-5778', 'EMD-5778', 'EMD-2660', 'EMD-2660'
        $Server.Requests.Count | Should -Be $before
    }
}
