BeforeAll {
    . $PSScriptRoot/Common.ps1
    $file = New-LeucineModel "$TestDrive/leucines.pdb" -Edge 3 -From 14
    $model = Import-AtomicModel $file
    $density = ConvertTo-CryoMap $model -Map (New-TestMap -Size 48 -VoxelSize 1)

    # Two halves: the model's density and noise of their own, a third as strong.
    function New-Half {
        param([int] $Seed)

        $signal = [float[]]::new(48 * 48 * 48)
        $random = [random]::new($Seed)
        $scale = 0.3 * $density.StandardDeviation
        $i = 0
        for ($z = 0; $z -lt 48; $z++) {
            for ($y = 0; $y -lt 48; $y++) {
                for ($x = 0; $x -lt 48; $x++) {
                    $signal[$i++] = $density.GetVoxel($x, $y, $z) + $scale * ($random.NextDouble() + $random.NextDouble() + $random.NextDouble() - 1.5)
                }
            }
        }

        [LocalDeblur.Maps.CryoMap]::new($density.Grid, $signal, "half$Seed.mrc")
    }

    $half1 = New-Half 1
    $half2 = New-Half 2
    $mask = New-CryoMask $density
    $fast = 'Raw', 'BFactor', 'LocScale'
}

Describe 'Compare-SharpeningMethod' {
    It 'gives a row per method, with every figure' {
        $rows = Compare-SharpeningMethod -HalfMap1 $half1 -HalfMap2 $half2 -Model $model -Mask $mask -WarningAction SilentlyContinue
        $rows.Method | Should -Be 'Raw', 'BFactor', 'AutoSharpen', 'LocalDeblur', 'LocalDeblur3', 'Wiener', 'LocalWiener', 'LocScale', 'LocalDeblurLocScale'
        foreach ($row in $rows) {
            $row.Error | Should -BeNullOrEmpty -Because $row.Method
            foreach ($figure in 'EMRinger', 'QScore', 'CCMask', 'CCBox', 'CCPeaks', 'FscResolution05', 'GuinierDistance', 'Kurtosis') {
                $row.$figure | Should -BeOfType double -Because "$($row.Method) has $figure"
            }

            $row.EMRingerResidues | Should -Be 27
            $row.UsesModel | Should -Be ($row.Method -match 'LocScale')
        }
    }

    It 'gives what the cmdlets give one by one' {
        $rows = Compare-SharpeningMethod -HalfMap1 $half1 -HalfMap2 $half2 -Model $model -Mask $mask -Method Raw, BFactor -Resolution 3
        $sharpened = Invoke-BFactorSharpening -HalfMap1 $half1 -HalfMap2 $half2 -Mask $mask -WarningAction SilentlyContinue
        $rows[1].QScore | Should -Be (Measure-QScore $sharpened $model).Mean
        $rows[1].CCMask | Should -Be (Measure-MapModelFit $sharpened $model -Resolution 3).CCMask
        $rows[1].EMRinger | Should -Be (Measure-EMRinger $sharpened $model -WarningAction SilentlyContinue).Score
    }

    It 'compares with a truth in columns of their own' {
        $rows = Compare-SharpeningMethod -HalfMap1 $half1 -HalfMap2 $half2 -Truth $density -Mask $mask -Method Raw, BFactor -Resolution 3
        $rows.TruthFsc | ForEach-Object { $_ | Should -BeGreaterThan 0.5 }
        $rows[0].TruthFsc | Should -Not -Be $rows[1].TruthFsc
        $rows[0].TruthCorrelation | Should -BeLessThan 1
        ($rows | Format-Table | Out-String -Width 120) | Should -Match 'FSC truth +CC truth'
        { Compare-SharpeningMethod -HalfMap1 $half1 -HalfMap2 $half2 -Truth (New-TestMap -Size 32 -VoxelSize 1) -Resolution 3 -ErrorAction Stop } |
            Should -Throw -ErrorId 'MapSizeMismatch,*'
    }

    It 'gives mean, error and number of better sets for lists of half maps' {
        $half3 = New-Half 3
        $rows = Compare-SharpeningMethod -HalfMap1 $half1, $half3 -HalfMap2 $half2, $half1 -Model $model -Mask $mask -Method Raw, BFactor -Resolution 3 `
            -OutputDirectory $TestDrive/draws
        $rows | Should -HaveCount 2
        $rows[1].QScore.Mean | Should -Be (($rows[1].Rows.QScore | Measure-Object -Average).Average)
        $rows[1].QScore.StandardError | Should -BeGreaterThan 0
        $rows[1].QScore.Better | Should -Be @(0, 1 | Where-Object { $rows[1].Rows[$_].QScore -gt $rows[0].Rows[$_].QScore }).Count
        ($rows | Format-Table | Out-String -Width 160) | Should -Match 'Mean Q \(better\)'
        Import-Csv $TestDrive/draws/draws.csv | Where-Object { $_.Method -eq 'BFactor' -and $_.Figure -eq 'Q-score' } | ForEach-Object Sets | Should -Be 2
        Test-Path $TestDrive/draws/set-2/bfactor.mrc | Should -BeTrue
    }

    It 'refuses lists of half maps that do not pair up, with their lengths' {
        $failure = { Compare-SharpeningMethod -HalfMap1 $half1, $half2 -HalfMap2 $half2 -Resolution 3 } | Should -Throw -ErrorId 'MapCountUnsupported,*' -PassThru
        $failure.Exception.Message | Should -Match '-HalfMap1 has 2 maps and -HalfMap2 1'
    }

    It 'says what one map does not allow' {
        $rows = Compare-SharpeningMethod $half1 -Resolution 3 -Mask $mask -InformationVariable told -WarningAction SilentlyContinue
        $rows.Method | Should -Not -Contain 'LocalWiener'
        "$told" | Should -Match 'Wiener and LocalWiener were left out: what is noise only two half maps say'
    }

    It 'leaves out what needs a model where there is none' {
        $rows = $half1, $half2 | Compare-SharpeningMethod -Mask $mask -Method Raw, BFactor -Resolution 3
        $rows.Method | Should -Be 'Raw', 'BFactor'
        $rows[0].EMRinger | Should -BeNullOrEmpty
        $rows[0].Kurtosis | Should -BeGreaterThan 0
    }

    It 'takes one map with its resolution' {
        (Compare-SharpeningMethod $half1 -Resolution 3 -Model $file -Mask $mask -Method $fast).Method | Should -Be $fast
    }

    It 'keeps maps, table and pictures in a folder' {
        $folder = Join-Path $TestDrive kept
        $rows = Compare-SharpeningMethod $half1 -Resolution 3 -Model $model -Mask $mask -Method $fast -OutputDirectory $folder
        (Get-ChildItem $folder -Force -Exclude *.history.json).Name | Sort-Object |
            Should -Be 'bfactor.mrc', 'comparison.csv', 'guinier.csv', 'guinier.svg', 'locscale.mrc', 'raw.mrc', 'slices.png'
        $rows[1].Path | Should -Be (Join-Path $folder bfactor.mrc)
        $table = Import-Csv (Join-Path $folder comparison.csv)
        $table.Method | Should -Be $fast
        [double]::Parse($table[1].'Q-score', [cultureinfo]::InvariantCulture) | Should -Be $rows[1].QScore
        ([xml] (Get-Content "$folder/guinier.svg" -Raw)).svg.title | Should -Be 'half1.mrc'

        { Compare-SharpeningMethod $half1 -Resolution 3 -Method Raw -OutputDirectory $folder -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        (Compare-SharpeningMethod $half1 -Resolution 3 -Mask $mask -Method Raw -OutputDirectory $folder -Force).Path | Should -Exist
    }

    It 'scores each half by itself with -CrossValidate' {
        $folder = Join-Path $TestDrive crossvalidated
        $rows = Compare-SharpeningMethod -HalfMap1 $half1 -HalfMap2 $half2 -Resolution 3 -Model $model -Mask $mask -Method $fast `
            -CrossValidate -OutputDirectory $folder -WarningAction SilentlyContinue
        $alone = Compare-SharpeningMethod $half2 -Resolution 3 -Model $model -Mask $mask -Method $fast -WarningAction SilentlyContinue
        $rows.Half2.QScore | Should -Be $alone.QScore
        $rows.Half1.Map | Should -Be (@('half1.mrc') * 3)
        $rows[0].HalfCorrelation | Should -Be (Compare-CryoMap $half1 $half2 -Mask $mask).Correlation
        $rows[1].HalfCorrelation | Should -Be (Compare-CryoMap $folder/bfactor-half1.mrc $folder/bfactor-half2.mrc -Mask $mask).Correlation
        $rows[2].Half1.Path | Should -Be (Join-Path $folder locscale-half1.mrc)

        $table = Import-Csv (Join-Path $folder crossvalidation.csv)
        $table.Method | Should -Be ($fast | ForEach-Object { $_, $_ })
        $table.Half | Should -Be '1', '2', '1', '2', '1', '2'
        [double]::Parse($table[5].'Q-score', [cultureinfo]::InvariantCulture) | Should -Be $rows[2].Half2.QScore
        { $half1, $half2 | Compare-SharpeningMethod -Resolution 3 -Model $model -Method Raw -CrossValidate -OutputDirectory $folder -ErrorAction Stop } |
            Should -Throw -ErrorId 'MapFileExists,*'
    }

    It 'shows the halves beside the whole, within 120 columns' {
        $rows = $half1, $half2 | Compare-SharpeningMethod -Resolution 3 -Model $model -Mask $mask -Method Raw, LocScale -CrossValidate -WarningAction SilentlyContinue
        foreach ($text in ($rows | Out-String -Width 119), ($rows | Sort-Object QScore | Format-Table | Out-String -Width 119)) {
            $text | Should -Match 'EMRinger \(halves\) .* Half CC'
            $text | Should -Match 'Raw +-?\d+\.\d\d \(-?\d+\.\d\d/-?\d+\.\d\d\) +\d\.\d{3} \(\d\.\d{3}/\d\.\d{3}\) .* \d\.\d{3}\r?\n'
            $text | Should -Match 'LocScale \*'
        }

        $rows[0] | Format-List | Out-String | Should -Match 'CC box +: \S+ \(\S+/\S+\)'
        $rows.Half1 | Out-String -Width 119 | Should -Match '(?s)Memory.*LocScale, half 1 \*'
    }

    It 'refuses a half without signal before anything runs' {
        $flat = [LocalDeblur.Maps.CryoMap]::new($half1.Grid, [float[]]::new(48 * 48 * 48), 'flat.mrc')
        { Compare-SharpeningMethod -HalfMap1 $half1 -HalfMap2 $flat -Resolution 3 -Model $model -Mask $mask -Method AutoSharpen -CrossValidate -ErrorAction Stop } |
            Should -Throw -ErrorId 'MapWithoutSignal,*'
    }

    It 'compares each row of a table, and writes one of them to a folder' {
        $folder = Join-Path $TestDrive rows
        $jobs = foreach ($map in $half1, $half2) { [pscustomobject] @{ Map = $map; Model = $model; Mask = $mask; Resolution = '3' } }
        $rows = $jobs | Compare-SharpeningMethod -Method Raw -WarningAction SilentlyContinue
        $rows.Map | Should -Be $half1.Name, $half2.Name
        $rows.QScore | Should -Not -Contain $null
        $rows = $jobs | Compare-SharpeningMethod -Method Raw -OutputDirectory $folder -Force -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable failure
        $rows.Map | Should -Be $half1.Name
        $failure.FullyQualifiedErrorId | Should -BeLike 'OutputDirectoryRepeated,*'
    }

    It 'begins the scan of the local resolution where -CoarsestResolution says, once for both methods that go by it' {
        $phantom = New-CryoPhantom -Size 48
        $null = Compare-SharpeningMethod -HalfMap1 $phantom.HalfMap1 -HalfMap2 $phantom.HalfMap2 -Mask $phantom.Mask -Resolution 3 -Method LocalDeblur, LocalDeblur3 `
            -CoarsestResolution 14 -OutputDirectory "$TestDrive/scan" -WarningAction SilentlyContinue
        $scans = foreach ($name in 'localdeblur', 'localdeblur-3') {
            (Get-Content -Raw "$TestDrive/scan/$name.history.json" | ConvertFrom-Json).Steps | Where-Object Step -EQ MonoRes
        }
        $scans.Parameters.CoarsestResolution | Should -Be 14, 14
        $scans[1].Figures.Seconds | Should -Be $scans[0].Figures.Seconds
    }

    It 'needs half maps and a model for -CrossValidate' {
        { Compare-SharpeningMethod -HalfMap1 $half1 -HalfMap2 $half2 -CrossValidate -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterNeedsAnother,*'
        { Compare-SharpeningMethod $half1 -Resolution 3 -Model $model -CrossValidate -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterNeedsAnother,*'
    }

    It 'does nothing with -WhatIf' {
        # A mask that every method refuses: a run would have rows with errors, and warnings of them.
        $empty = New-SlabMap -Size 48 -VoxelSize 1 -Inside 0
        Compare-SharpeningMethod $half1 -Resolution 3 -Mask $empty -WhatIf -WarningVariable warnings | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
        Compare-SharpeningMethod $half1 -Resolution 3 -OutputDirectory "$TestDrive/none" -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/none" | Should -Not -Exist
    }

    It 'makes a method that fails a row, and goes on' {
        $rows = Compare-SharpeningMethod $half1 -Resolution 3 -Model $model -Mask (New-SlabMap -Size 48 -VoxelSize 1 -Inside 0.6) -Method LocScale, Raw `
            -WarningVariable warnings -WarningAction SilentlyContinue
        $rows[0].ErrorId | Should -Be 'MaskEmpty'
        $rows[0].QScore | Should -BeNullOrEmpty
        $rows[1].Error | Should -BeNullOrEmpty
        $rows[1].QScore | Should -BeGreaterThan 0
        "$warnings" | Should -Match '^LocScale: '
    }

    It 'completes -Method with the methods there are, and refuses others with their list' {
        $line = 'Compare-SharpeningMethod map.mrc -Method loc'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText |
            Should -Be 'LocalDeblur', 'LocalDeblur3', 'LocalWiener', 'LocScale', 'LocalDeblurLocScale'
        $failure = { Compare-SharpeningMethod $half1 -Resolution 3 -Method Raw, Sharpest } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -PassThru
        $failure.Exception.Message | Should -Match "'Sharpest' is no sharpening method; expected one of Raw, BFactor"
    }

    It 'writes <Id> for <Arguments>' -ForEach @(
        @{ Id = 'ParameterOutOfRange'; Arguments = @{} }
        @{ Id = 'ParameterOutOfRange'; Arguments = @{ Resolution = 1 } }
        @{ Id = 'ParameterOutOfRange'; Arguments = @{ Resolution = 3; Method = 'LocScale' } }
        @{ Id = 'ModelFileNotFound'; Arguments = @{ Resolution = 3; Model = 'none.pdb' } }
        @{ Id = 'ParameterNeedsAnother'; Arguments = @{ Resolution = 3; Force = $true } }
    ) {
        { Compare-SharpeningMethod $half1 @Arguments -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'shows what there is without a model, within 80 columns' {
        $text = Compare-SharpeningMethod $half1 -Resolution 3 -Mask $mask -Method Raw, BFactor | Out-String -Width 80
        $text | Should -Match 'Kurtosis +Time \(s\) +Memory'
        $text | Should -Not -Match 'EMRinger'
    }

    It 'cuts no figure of the halves within 80 columns' {
        $text = $half1, $half2 | Compare-SharpeningMethod -Resolution 3 -Model $model -Mask $mask -Method Raw -CrossValidate -WarningAction SilentlyContinue | Out-String -Width 80
        $text | Should -Match 'CC mask \(halves\)'
        $text | Should -Not -Match '…'
    }

    It 'shows a table with units' {
        $text = Compare-SharpeningMethod $half1 -Resolution 3 -Model $model -Mask $mask -Method Raw | Format-Table | Out-String -Width 200
        $text | Should -Match 'FSC 0.5 \(Å\)'
        $text | Should -Match 'Raw'
    }
}
