BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-Phantom
    $phantom.DrawHalfMap(1) | Export-CryoMap "$TestDrive/half1.mrc" -NoHistory
    $phantom.DrawHalfMap(2) | Export-CryoMap "$TestDrive/half2.mrc" -NoHistory

    # From the files: a header states the voxel size in 32 bits.
    $half1 = Import-CryoMap "$TestDrive/half1.mrc"
    $half2 = Import-CryoMap "$TestDrive/half2.mrc"
}

Describe 'Invoke-LocalDeblur without -LocalResolution' {
    It 'runs from two half maps to a sharpened map without a parameter' {
        Push-Location $TestDrive
        try {
            Import-CryoMap half1.mrc, half2.mrc | Invoke-LocalDeblur | Export-CryoMap sharp.mrc
        }
        finally { Pop-Location }

        Test-CryoMap "$TestDrive/sharp.mrc" | Should -BeTrue
        Get-Content "$TestDrive/sharp.history.json" -Raw | Should -Match 'half2\.mrc'
    }

    It 'refuses a folder of other things with <Id>' -ForEach @(
        @{ Id = 'MapCountUnsupported'; Others = @('truth', 'mask'); Words = 'More than two maps' }
        @{ Id = 'HalfMapMismatch'; Others = @('mask'); Words = 'is a mask' }
    ) {
        $folder = New-Item -ItemType Directory "$TestDrive/$($Others -join '-')"
        $half1 | Export-CryoMap "$folder/half1.mrc" -NoHistory
        foreach ($other in $Others) {
            ($other -eq 'mask' ? $phantom.DrawMask() : $phantom.DrawTruth()) | Export-CryoMap "$folder/$other.mrc" -NoHistory
        }

        $failure = { Get-ChildItem "$folder/*.mrc" | Invoke-LocalDeblur -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*" -PassThru
        $failure.Exception.Message | Should -Match $Words
    }

    It 'says by how many voxels a half that was moved lies beside the other' {
        # Whole planes come first that were last.
        $bytes = [IO.File]::ReadAllBytes("$TestDrive/half2.mrc")
        $planes = 3 * 4 * $half2.Size.X * $half2.Size.Y
        [IO.File]::WriteAllBytes("$TestDrive/moved.mrc", [byte[]]($bytes[0..1023] + $bytes[-$planes..-1] + $bytes[1024..($bytes.Length - $planes - 1)]))

        $failure = { Invoke-LocalDeblur $half1, "$TestDrive/moved.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'HalfMapMismatch,*' -PassThru
        $failure.Exception.Message | Should -Match "'moved\.mrc' lies beside 'half1\.mrc', by \(0, 0, 3\) voxels"
    }

    It 'gives what its steps give one by one' {
        $whole = $half1, $half2 | Invoke-LocalDeblur
        $mask = New-CryoMask -HalfMap1 $half1 -HalfMap2 $half2 -SoftEdgeVoxels 0
        $resolution = $half1, $half2 | Measure-LocalResolution -Mask $mask
        $steps = Invoke-LocalDeblur -HalfMap1 $half1 -HalfMap2 $half2 -LocalResolution $resolution
        ($whole | Compare-CryoMap -Reference $steps).MaximumDifference | Should -Be 0
        ($half1, $half2 | Measure-LocalResolution | Compare-CryoMap -Reference $resolution).MaximumDifference | Should -Be 0
    }

    It 'gives the same for halves that are piped, listed or named, as maps, paths or files' {
        $piped = $half1, $half2 | Invoke-LocalDeblur -MaximumIterations 1
        @($piped).Count | Should -Be 1
        foreach ($other in @(
                (Invoke-LocalDeblur $half1, $half2 -MaximumIterations 1)
                (Invoke-LocalDeblur -HalfMap1 "$TestDrive/half1.mrc" -HalfMap2 $half2 -MaximumIterations 1)
                (Get-ChildItem "$TestDrive/half?.mrc" | Invoke-LocalDeblur -MaximumIterations 1))) {
            ($other | Compare-CryoMap -Reference $piped).MaximumDifference | Should -Be 0
        }
    }

    It 'says every choice in the history' {
        $sharp = $half1, $half2 | Invoke-LocalDeblur -MaximumIterations 1
        $sharp.History.Step | Select-Object -Last 4 | Should -Be 'Average', 'Mask', 'MonoRes', 'LocalDeblur'
        $sharp.History[-2].Parameters.NoiseFrom | Should -Be 'Halves'
        $sharp.History[-3].Figures.Threshold | Should -BeGreaterThan 0
    }

    It 'says every choice with -Verbose' {
        $verbose = $half1, $half2 | Invoke-LocalDeblur -MaximumIterations 1 -Verbose 4>&1 |
            Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $text = $verbose -join "`n"
        foreach ($choice in 'halves of one reconstruction', 'The threshold is', 'connected parts', 'The scan begins at', 'voxels are inside') {
            $text | Should -Match $choice
        }
    }

    It 'takes one map, with the noise from outside the mask' {
        Copy-Item "$TestDrive/half1.mrc" "$TestDrive/whole.mrc"
        $verbose = Import-CryoMap "$TestDrive/whole.mrc" | Invoke-LocalDeblur -MaximumIterations 1 -OutVariable sharp -Verbose 4>&1 |
            Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $sharp.History.Step | Select-Object -Last 3 | Should -Be 'Mask', 'MonoRes', 'LocalDeblur'
        ($sharp.History | Where-Object Step -EQ MonoRes).Parameters.NoiseFrom | Should -Be 'OutsideMask'
        $verbose -join "`n" | Should -Match 'one map, without halves'
    }

    It 'does not take what was made of both halves for a half, though it has its name' {
        $whole = $half1, $half2 | Invoke-LocalDeblur -MaximumIterations 1 -WarningAction SilentlyContinue
        $whole.Name | Should -Be $half1.Name
        $null = $whole | Invoke-LocalDeblur -MaximumIterations 1 -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings -match 'came alone' | Should -BeNullOrEmpty
    }

    It 'warns of <Name>, a half that came without the other' -ForEach @(
        @{ Name = 'half1.mrc' }
        @{ Name = 'run_half2_class001_unfil.mrc' }
        @{ Name = 'J12_map_half_A.mrc' }
        @{ Name = 'emd_1234_half_map_1.mrc' }
    ) {
        if ($Name -ne 'half1.mrc') { Copy-Item "$TestDrive/half1.mrc" "$TestDrive/$Name" }
        $null = Import-CryoMap "$TestDrive/$Name", "$TestDrive/none.mrc" -ErrorAction SilentlyContinue |
            Invoke-LocalDeblur -MaximumIterations 1 -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings -join "`n" | Should -BeLike "*$Name came alone*"
    }

    It 'does not call the mask that it made by the name of a half map' {
        $sharp = $half1, $half2 | Invoke-LocalDeblur -MaximumIterations 1
        ($sharp.History | Where-Object Step -EQ MonoRes).Parameters.Mask | Should -BeLike '*: Mask'
    }

    It 'uses -Mask instead of making one' {
        $sharp = $half1, $half2 | Invoke-LocalDeblur -Mask $phantom.DrawMask() -MaximumIterations 1
        $sharp.History.Step | Should -Not -Contain 'Mask'
    }

    It 'repeats with -Rounds <_>' -ForEach 2, '2' {
        $sharp = $half1, $half2 | Invoke-LocalDeblur -Rounds $_ -MaximumIterations 1 -WarningAction Ignore
        @($sharp.History.Step -eq 'LocalDeblur').Count | Should -Be 2
        @($sharp.History.Step -eq 'MonoRes').Count | Should -Be 2
    }

    It 'ends by itself with -Rounds Automatic' {
        $sharp = $half1, $half2 | Invoke-LocalDeblur -Rounds automatic -MaximumIterations 1 -WarningAction Ignore
        $rounds = @($sharp.History.Step -eq 'LocalDeblur').Count
        $rounds | Should -BeGreaterOrEqual 1
        $rounds | Should -BeLessOrEqual 20
    }

    It 'refuses -Rounds <_>' -ForEach 0, 21, -1, 'many', 2.5 {
        { $half1, $half2 | Invoke-LocalDeblur -Rounds $_ } | Should -Throw -ErrorId 'CannotConvertArgument*'
    }

    It 'completes -Rounds' {
        $line = 'Invoke-LocalDeblur -Rounds a'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Be 'Automatic'
    }

    It 'ends the call with MapCountUnsupported for three maps, naming the parameters' {
        $failure = { $half1, $half2, $half1 | Invoke-LocalDeblur } | Should -Throw -ErrorId 'MapCountUnsupported,*' -PassThru
        $failure.Exception.Message | Should -Match '-HalfMap1 and -HalfMap2'
        $failure.Exception.Message | Should -Match '-LocalResolution'
        $failure.TargetObject | Should -BeOfType string
    }

    It 'writes <Id> for halves that disagree, with both values' -ForEach @(
        @{ Id = 'MapSizeMismatch'; Other = @{ Size = 32; VoxelSize = 1.06 }; Values = '48 × 48 × 48|32 × 32 × 32' }
        @{ Id = 'VoxelSizeMismatch'; Other = @{ Size = 48; VoxelSize = 1.5 }; Values = '1\.06|1\.5' }
        @{ Id = 'MapOriginMismatch'; Other = @{ Size = 48; VoxelSize = 1.06; Origin = 5, 0, 0 }; Values = '\(0, 0, 0\)|\(5, 0, 0\)' }
    ) {
        $failure = { $half1, (New-TestMap @Other) | Invoke-LocalDeblur -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*" -PassThru
        @([regex]::Matches($failure.Exception.Message, $Values).Value | Sort-Object -Unique).Count | Should -Be 2
    }

    It 'does not take the one half that is there for a map of its own' {
        $result = $half1, "$TestDrive/none.mrc" | Invoke-LocalDeblur -ErrorVariable failure -ErrorAction SilentlyContinue
        $result | Should -BeNullOrEmpty
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound,*'
    }

    It 'refuses -FilterBank, which belongs to a resolution map' {
        { $half1, $half2 | Invoke-LocalDeblur -FilterBank (New-FilterBank -VoxelSize 1.06 -Size 48 -CoarsestResolution 8) } | Should -Throw -ErrorId 'FilterBankConflict,*'
    }

    It 'writes InsufficientMemory above -MemoryLimit' {
        { $half1, $half2 | Invoke-LocalDeblur -MemoryLimit 1MB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*'
    }

    It 'gives the same result for any number of threads' {
        $one = $half1, $half2 | Invoke-LocalDeblur -Threads 1 -MaximumIterations 2
        $two = $half1, $half2 | Invoke-LocalDeblur -Threads 2 -MaximumIterations 2
        ($one | Compare-CryoMap -Reference $two).MaximumDifference | Should -Be 0
    }
}

Describe 'Invoke-LocalDeblur with half maps and -LocalResolution' {
    It 'sharpens their mean' {
        $resolution = $phantom.DrawLocalResolution()
        $sharp = Invoke-LocalDeblur -HalfMap1 $half1 -HalfMap2 $half2 -LocalResolution $resolution -MaximumIterations 1
        $sharp.History.Step | Select-Object -Last 2 | Should -Be 'Average', 'LocalDeblur'
    }

    It 'keeps every piped map a job of its own' {
        @($half1, $half2 | Invoke-LocalDeblur -LocalResolution $phantom.DrawLocalResolution() -MaximumIterations 1).Count | Should -Be 2
    }

    It 'refuses -Rounds' {
        { Invoke-LocalDeblur $half1 $phantom.DrawLocalResolution() -Rounds 2 } | Should -Throw -ErrorId 'RoundsConflict,*'
    }
}
