# A table of jobs: each row of the pipeline names the maps of one reconstruction by its properties.

BeforeAll {
    . $PSScriptRoot/Common.ps1

    $phantom = New-CryoPhantom -Size 48
    foreach ($name in 'HalfMap1', 'HalfMap2', 'Truth', 'Mask', 'LocalResolution') {
        $phantom.$name | Export-CryoMap "$TestDrive/$name.mrc" -NoHistory
    }

    $null = New-LeucineModel "$TestDrive/model.pdb" -From 20

    # Rows as Import-Csv reads them: every cell is text. The paths follow the current location.
    function Get-Row([string[]] $Lines) {
        $Lines | ConvertFrom-Csv
    }

    # What a job gives when its maps are named: voxels and history, except for what differs between any two runs.
    function Get-Trace($Map) {
        $Map.Mean, $Map.Minimum, $Map.Maximum
        $Map.History.Step
        $Map.History[-1].Decisions -notmatch 'threads'
    }

    Push-Location $TestDrive
}

AfterAll { Pop-Location }

Describe 'A table of half maps' {
    It 'is sharpened row by row, an empty cell counting as not given' {
        $results = Get-Row 'Name,HalfMap1,HalfMap2,Mask,LocalResolution',
            'all,HalfMap1.mrc,HalfMap2.mrc,Mask.mrc,LocalResolution.mrc',
            'estimated,HalfMap1.mrc,HalfMap2.mrc,Mask.mrc,',
            'alone,HalfMap1.mrc,HalfMap2.mrc,,' | Invoke-LocalDeblur -WarningAction SilentlyContinue
        $results.Count | Should -Be 3
        $halves = @{ HalfMap1 = 'HalfMap1.mrc'; HalfMap2 = 'HalfMap2.mrc'; WarningAction = 'SilentlyContinue' }
        Get-Trace $results[0] | Should -Be (Get-Trace (Invoke-LocalDeblur @halves -Mask Mask.mrc -LocalResolution LocalResolution.mrc))
        Get-Trace $results[1] | Should -Be (Get-Trace (Invoke-LocalDeblur @halves -Mask Mask.mrc))
        Get-Trace $results[2] | Should -Be (Get-Trace (Invoke-LocalDeblur @halves))
    }

    It 'is measured row by row' {
        $results = Get-Row 'HalfMap1,HalfMap2,Mask', 'HalfMap1.mrc,HalfMap2.mrc,Mask.mrc', 'HalfMap1.mrc,HalfMap2.mrc,' | Measure-FourierShellCorrelation
        $results.Final.Curve | Should -Be 'Corrected', 'Unmasked'
    }

    It 'makes masks, sharpens by one B factor, and estimates local resolution' {
        $rows = Get-Row 'HalfMap1,HalfMap2,Mask,Resolution', 'HalfMap1.mrc,HalfMap2.mrc,Mask.mrc,3.5', 'HalfMap1.mrc,HalfMap2.mrc,Mask.mrc,'
        @($rows | New-CryoMask -WarningAction SilentlyContinue).Count | Should -Be 2
        $sharp = $rows | Invoke-BFactorSharpening -BFactor -50 -WarningAction SilentlyContinue
        $sharp[0].History[-1].Parameters.Resolution | Should -Be 3.5
        $sharp[1].History[-1].Parameters.Resolution | Should -Not -Be 3.5
        $rows | Measure-LocalResolution | ForEach-Object { "$($_.Size)" } | Should -Be "$($phantom.Truth.Size)", "$($phantom.Truth.Size)"
    }

    It 'goes on after a row that cannot be worked on, and tells each error' {
        $results = Get-Row 'HalfMap1,HalfMap2,Mask',
            'HalfMap1.mrc,none.mrc,Mask.mrc', 'HalfMap1.mrc,HalfMap2.mrc,none.mrc', 'HalfMap1.mrc,,Mask.mrc', 'HalfMap1.mrc,HalfMap2.mrc,Mask.mrc' |
            Measure-FourierShellCorrelation -ErrorAction SilentlyContinue -ErrorVariable failures
        @($results).Count | Should -Be 1
        @($failures).Count | Should -Be 3
        $failures.FullyQualifiedErrorId | Should -Match '^MapFileNotFound,|^MapFileNotFound,|^InputObjectMissingMandatory,'
        "$($failures[0].TargetObject) $($failures[1].TargetObject)" | Should -BeLike '*none.mrc*none.mrc'
    }

    It 'takes what is given by name for every row' {
        $results = Get-Row 'HalfMap1,HalfMap2,Mask', 'HalfMap1.mrc,HalfMap2.mrc,none.mrc', 'HalfMap1.mrc,HalfMap2.mrc,none.mrc' |
            Measure-FourierShellCorrelation -Mask Mask.mrc
        $results.Final.Curve | Should -Be 'Corrected', 'Corrected'
        # What is given for every row and cannot be opened ends the call.
        { Get-Row 'HalfMap1,HalfMap2', 'HalfMap1.mrc,HalfMap2.mrc' | Measure-FourierShellCorrelation -Mask none.mrc } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }

    It 'may have other names for its columns' {
        Get-Row 'Even,Odd', 'HalfMap1.mrc,HalfMap2.mrc' | Measure-FourierShellCorrelation -HalfMap1 { $_.Even } -HalfMap2 { $_.Odd } |
            Should -BeOfType ([LocalDeblur.Resolution.Fsc.FscResult])
    }

    It 'refuses in each row what does not belong together' {
        $null = Get-Row 'HalfMap1,HalfMap2,Mask', 'HalfMap1.mrc,HalfMap2.mrc,', 'HalfMap1.mrc,HalfMap2.mrc,Mask.mrc' |
            Measure-FourierShellCorrelation -Seed 2 -ErrorAction SilentlyContinue -ErrorVariable failures -OutVariable results
        $failures.FullyQualifiedErrorId | Should -BeLike 'MaskMissing,*'
        @($results).Count | Should -Be 1
    }
}

Describe 'A table of single maps' {
    It 'is never taken for two halves, where two maps that are piped in are' {
        $null = Get-Row 'Map', 'HalfMap1.mrc', 'HalfMap2.mrc' |
            Measure-FourierShellCorrelation -ErrorAction SilentlyContinue -ErrorVariable failures -OutVariable results
        $results | Should -BeNullOrEmpty
        @($failures).Count | Should -Be 2
        $failures.FullyQualifiedErrorId | Should -BeLike 'MapCountUnsupported,*'
        'HalfMap1.mrc', 'HalfMap2.mrc' | Measure-FourierShellCorrelation | Should -BeOfType ([LocalDeblur.Resolution.Fsc.FscResult])
    }

    It 'may stand in one table with halves' {
        $results = Get-Row 'Map,HalfMap1,HalfMap2,Mask', 'Truth.mrc,,,Mask.mrc', ',HalfMap1.mrc,HalfMap2.mrc,Mask.mrc', 'HalfMap1.mrc,,,Mask.mrc' |
            Measure-LocalResolution -Verbose -WarningAction SilentlyContinue 4>&1
        $results | Where-Object { $_ -is [LocalDeblur.Maps.CryoMap] } | Should -HaveCount 3
        @($results -match 'HalfMap1.mrc and HalfMap2.mrc are taken as the halves').Count | Should -Be 1
        # The last cells of a row are null where they are empty.
        Get-Row 'Map,HalfMap1,HalfMap2', 'Truth.mrc,,', ',HalfMap1.mrc,HalfMap2.mrc' | New-CryoMask -WarningAction SilentlyContinue | Should -HaveCount 2
    }

    It 'names both ways of naming the maps in a row that has both' {
        { Get-Row 'Map,HalfMap1,HalfMap2', 'Truth.mrc,HalfMap1.mrc,HalfMap2.mrc' | New-CryoMask -ErrorAction Stop } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'is compared row by row, each with its own reference' {
        $results = Get-Row 'Map,Reference,Mask', 'HalfMap1.mrc,Truth.mrc,Mask.mrc', 'Truth.mrc,HalfMap1.mrc,' | Compare-CryoMap
        $results.Reference | Should -Be 'Truth.mrc', 'HalfMap1.mrc'
        $results.VoxelCount[1] | Should -Be 110592
        $results.VoxelCount[0] | Should -BeLessThan 110592
        $results.Map | Should -Be 'HalfMap1.mrc', 'Truth.mrc'
    }

    It 'is scored row by row, each by its own model' {
        $rows = Get-Row 'Map,Model,Resolution', 'Truth.mrc,model.pdb,4', 'HalfMap1.mrc,model.pdb,', 'none.mrc,model.pdb,4'
        $scores = $rows | Measure-QScore -ErrorAction SilentlyContinue -ErrorVariable failures
        $scores.Map | Should -BeLike '*.mrc*'
        $scores.Resolution | Should -Be 4, $null
        $failures.FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound,*'
        $rows[0] | Measure-MapModelFit | Should -BeOfType ([LocalDeblur.Validation.MapModelFitResult])
    }

    It 'is scaled to a model or to a reference map, as each row says' {
        $results = Get-Row 'Map,Model,Reference', 'HalfMap1.mrc,,Truth.mrc', 'HalfMap1.mrc,model.pdb,', 'HalfMap2.mrc,,Truth.mrc' |
            Invoke-LocScale -Mask Mask.mrc -WindowVoxels 12 -WarningAction SilentlyContinue
        $results.Count | Should -Be 3
        $byName = Invoke-LocScale HalfMap1.mrc -Reference Truth.mrc -Mask Mask.mrc -WindowVoxels 12 -WarningAction SilentlyContinue
        Get-Trace $results[0] | Should -Be (Get-Trace $byName)
        $results[1].Mean | Should -Not -Be $results[0].Mean
    }

    It 'gives filter banks, densities and profiles' {
        Get-Row 'Map,LocalResolution', 'Truth.mrc,LocalResolution.mrc' | New-FilterBank | Should -BeOfType ([LocalDeblur.Filters.FilterBank])
        "$((Get-Row 'Model,Map', 'model.pdb,Truth.mrc' | ConvertTo-CryoMap).Size)" | Should -Be "$($phantom.Truth.Size)"
        $profiles = Get-Row 'Map,Model', 'Truth.mrc,model.pdb', 'HalfMap1.mrc,', 'HalfMap2.mrc,model.pdb' | Measure-GuinierProfile
        $profiles.IsModel | Should -Be $false, $true, $false, $false, $true
    }

    It 'is sharpened by Invoke-AutoSharpen, each row to its own resolution' {
        $results = Get-Row 'Map,Resolution', 'HalfMap1.mrc,4', 'HalfMap1.mrc,6' | Invoke-AutoSharpen -WarningAction SilentlyContinue
        $results | ForEach-Object { $_.History[-1].Parameters.Resolution } | Should -Be 4, 6
    }
}

Describe 'A cell with a number' {
    It 'is refused where it is none, or one with a decimal comma: <_>' -ForEach 'abc', '3,2' {
        $null = [pscustomobject] @{ Map = 'Truth.mrc'; Model = 'model.pdb'; Resolution = $_ } |
            Measure-QScore -ErrorAction SilentlyContinue -ErrorVariable failure -OutVariable results
        $results | Should -BeNullOrEmpty
        $failure.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        $failure.Exception.Message | Should -BeLike "*'$_' is not a number*"
    }

    It 'is refused outside its range' {
        { [pscustomobject] @{ Map = 'Truth.mrc'; Model = 'model.pdb'; Resolution = '400' } | Measure-QScore -ErrorAction Stop } |
            Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -ExpectedMessage '*400 Å; expected 0.5 to 20 Å*'
    }

    It 'may be empty only where the parameter may be left out' {
        { [pscustomobject] @{ Map = 'Truth.mrc'; Model = 'model.pdb'; Resolution = '' } | Measure-MapModelFit -ErrorAction Stop } |
            Should -Throw -ExpectedMessage '*Resolution*null*'
    }
}

Describe 'An object that has the maps' {
    It 'is a row too: a phantom' {
        $phantom | Measure-FourierShellCorrelation | Should -BeOfType ([LocalDeblur.Resolution.Fsc.FscResult])
        $sharp = $phantom | Invoke-LocalDeblur
        # It brings its local resolution along.
        $sharp.History.Step | Should -Not -Contain 'MonoRes'
    }
}
