BeforeAll {
    . $PSScriptRoot/Common.ps1
    $file = New-SixAtomModel "$TestDrive/model.pdb"
}

Describe 'Import-AtomicModel' {
    It 'returns one model a file' {
        $model = Import-AtomicModel $file
        $model | Should -BeOfType ([LocalDeblur.Models.AtomicModel])
        @($model).Count | Should -Be 1
        $model.Name | Should -Be 'model.pdb'
        $model.Path | Should -Be $file
        $model.Atoms.Count | Should -Be 6
        ($model | Out-String -Width 200) | Should -Match 'From \(Å\)'
        ($model | Format-List | Out-String) | Should -Match 'Heavy atoms\s*: 5'
        ($model.Atoms | Out-String -Width 200) | Should -Match 'LEU 7'
    }

    It 'keeps one alternate conformation, or all with -Alternates' {
        (Import-AtomicModel $file).Atoms.Name | Where-Object { $_ -eq 'CB' } | Should -HaveCount 1
        (Import-AtomicModel $file -Alternates All).Atoms.Name | Where-Object { $_ -eq 'CB' } | Should -HaveCount 2
    }

    It 'leaves hydrogens out with -DropHydrogens' {
        (Import-AtomicModel $file -DropHydrogens).Atoms.Element | Should -Not -Contain 'H'
        (Import-AtomicModel $file).Atoms.Element | Should -Contain 'H'
    }

    It 'expands wildcards, follows the current location, and takes files from Get-ChildItem' {
        Copy-Item $file "$TestDrive/other.pdb"
        Push-Location $TestDrive
        try {
            (Import-AtomicModel *.pdb).Name | Should -Be 'model.pdb', 'other.pdb'
            (Get-ChildItem *.pdb | Import-AtomicModel).Name | Should -Be 'model.pdb', 'other.pdb'
            'model.pdb' | Import-AtomicModel | Should -HaveCount 1
        }
        finally { Pop-Location }
    }

    It 'takes brackets as they are with -LiteralPath' {
        Copy-Item $file "$TestDrive/a[1].pdb"
        (Import-AtomicModel -LiteralPath "$TestDrive/a[1].pdb").Name | Should -Be 'a[1].pdb'
    }

    It 'reads packed mmCIF' {
        $cif = @'
data_x
loop_
_atom_site.group_PDB
_atom_site.id
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.label_seq_id
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
_atom_site.occupancy
_atom_site.B_iso_or_equiv
ATOM 1 C CA ALA A 1 1.5 2.5 3.5 1.0 20.0
'@
        $stream = [IO.Compression.GZipStream]::new([IO.File]::Create("$TestDrive/x.cif.gz"), [IO.Compression.CompressionMode]::Compress)
        $stream.Write([Text.Encoding]::ASCII.GetBytes($cif))
        $stream.Dispose()
        (Import-AtomicModel "$TestDrive/x.cif.gz").Atoms[0].BFactor | Should -Be 20
    }

    It 'writes ModelFileNotFound for <_>, and goes on' -ForEach 'none.pdb', 'none*.cif' {
        $models = Import-AtomicModel "$TestDrive/$_", $file -ErrorVariable failure -ErrorAction SilentlyContinue
        @($models).Count | Should -Be 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelFileNotFound,*'
    }

    It 'writes ModelFileNotFound for a literal path that does not exist' {
        { Import-AtomicModel -LiteralPath "$TestDrive/none.pdb" -ErrorAction Stop } | Should -Throw -ErrorId 'ModelFileNotFound,*'
    }

    It 'writes ModelFormatInvalid for what is no model' {
        Set-Content "$TestDrive/notes.txt" 'a note'
        { Import-AtomicModel "$TestDrive/notes.txt" -ErrorAction Stop } | Should -Throw -ErrorId 'ModelFormatInvalid,*'
    }

    It 'writes MapPathUnsupported for a path of another provider' {
        { Import-AtomicModel env:PATH -ErrorAction Stop } | Should -Throw -ErrorId 'MapPathUnsupported,*'
    }

    It 'completes models, not maps' {
        New-TestMap | Export-CryoMap "$TestDrive/tab.mrc" -NoHistory -Force
        Copy-Item $file "$TestDrive/tab.pdb"
        $line = "Import-AtomicModel $TestDrive/tab"
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be 'tab.pdb'
    }
}
