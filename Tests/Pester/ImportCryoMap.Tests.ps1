BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Import-CryoMap' {
    BeforeAll {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive maps)).FullName
        New-TestMap -Name a.mrc -Origin 1, 2, 3 | Export-CryoMap "$folder/a.mrc" -NoHistory
        New-TestMap -Name b.mrc -Size 8, 6, 4 | Export-CryoMap "$folder/b.mrc" -NoHistory
        New-TestMap -Name 'c.map.gz' | Export-CryoMap "$folder/c.map.gz" -NoHistory
        New-TestMap -Name 'd[1].mrc' | Export-CryoMap -LiteralPath "$folder/d[1].mrc" -NoHistory
    }

    It 'reads a map with its place in space' {
        $map = Import-CryoMap "$folder/a.mrc"
        $map.Name | Should -Be 'a.mrc'
        $map.Path | Should -Be (Join-Path $folder a.mrc)
        "$($map.Size)" | Should -Be '16 × 16 × 16'
        $map.VoxelSize | Should -Be 1.5
        "$($map.Origin)" | Should -Be '1, 2, 3'
        $map.History[-1].Step | Should -Be 'Import'
        $map.GetVoxel(3, 2, 1) | Should -Be (New-TestMap).GetVoxel(3, 2, 1)
    }

    It 'does not read the voxels, nor does showing the map' {
        $map = Import-CryoMap "$folder/a.mrc"
        $text = ($map | Out-String) + ($map | Format-List | Out-String) + ($map.History | Out-String)
        $text | Should -Match 'Voxel size \(Å\)'
        $map.IsLoaded | Should -BeFalse
        $null = $map.Mean
        $map.IsLoaded | Should -BeTrue
    }

    It 'expands wildcards, and passes over folders that match' {
        $null = New-Item -ItemType Directory "$folder/z.mrc" -Force
        (Import-CryoMap "$folder/*.mrc").Name | Should -Be 'a.mrc', 'b.mrc', 'd[1].mrc'
    }

    It 'reads several paths' {
        (Import-CryoMap "$folder/b.mrc", "$folder/c*").Name | Should -Be 'b.mrc', 'c.map.gz'
    }

    It 'takes paths and files from the pipeline' {
        ("$folder/a.mrc", "$folder/b.mrc" | Import-CryoMap).Name | Should -Be 'a.mrc', 'b.mrc'
        (Get-ChildItem $folder -File | Import-CryoMap).Name | Should -Be 'a.mrc', 'b.mrc', 'c.map.gz', 'd[1].mrc'
        (Resolve-Path "$folder/b.mrc" | Import-CryoMap).Name | Should -Be 'b.mrc'
    }

    It 'takes brackets literally with -LiteralPath and its aliases' {
        (Import-CryoMap -LiteralPath "$folder/d[1].mrc").Name | Should -Be 'd[1].mrc'
        (Import-CryoMap -LP "$folder/d[1].mrc").Name | Should -Be 'd[1].mrc'
    }

    It 'writes MapFileNotFound for brackets that match nothing, and names -LiteralPath' {
        $map = Import-CryoMap "$folder/d[1].mrc" -ErrorVariable failure -ErrorAction SilentlyContinue
        $map | Should -BeNullOrEmpty
        $failure.FullyQualifiedErrorId | Should -Be 'MapFileNotFound,LocalDeblur.PowerShell.Commands.ImportCryoMapCommand'
        $failure.Exception.Message | Should -Match '-LiteralPath'
    }

    It 'writes MapFileNotFound for <_> and goes on' -ForEach 'missing.mrc', 'missing*.mrc' {
        $maps = Import-CryoMap "$folder/$_", "$folder/a.mrc" -ErrorVariable failure -ErrorAction SilentlyContinue
        $maps.Name | Should -Be 'a.mrc'
        $failure.FullyQualifiedErrorId | Should -BeLike 'MapFileNotFound,*'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failure.TargetObject | Should -BeOfType string
    }

    It 'writes MapFileNotFound for a missing file with -LiteralPath' {
        { Import-CryoMap -LiteralPath "$folder/missing.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*'
    }

    It 'writes MapPathUnsupported for <_>' -ForEach 'env:PATH', 'nowhere:map.mrc' {
        { Import-CryoMap $_ -ErrorAction Stop } | Should -Throw -ErrorId 'MapPathUnsupported,*'
        { Import-CryoMap -LiteralPath $_ -ErrorAction Stop } | Should -Throw -ErrorId 'MapPathUnsupported,*'
    }

    It 'writes MapHeaderInvalid for a file that is no map' {
        { Import-CryoMap $PSCommandPath -ErrorAction Stop } | Should -Throw -ErrorId 'MapHeaderInvalid,*'
    }

    It 'writes MapTruncated for a file that ends too early' {
        $bytes = [IO.File]::ReadAllBytes("$folder/a.mrc")
        [IO.File]::WriteAllBytes("$TestDrive/short.mrc", $bytes[0..4000])
        { (Import-CryoMap "$TestDrive/short.mrc" -ErrorAction Stop).Mean } | Should -Throw
        { Import-CryoMap "$TestDrive/short.mrc" -ErrorAction Stop | Export-CryoMap "$TestDrive/out.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapTruncated,*'
    }

    It 'follows the current location' {
        Push-Location $folder
        try {
            (Import-CryoMap a.mrc).Path | Should -Be (Join-Path $folder a.mrc)
            (Import-CryoMap ./b*).Name | Should -Be 'b.mrc'
            Set-Location ..
            (Import-CryoMap -LiteralPath maps/a.mrc).Name | Should -Be 'a.mrc'
        }
        finally { Pop-Location }
    }

    It 'follows a drive of its own' {
        $null = New-PSDrive -Name Maps -PSProvider FileSystem -Root $folder -Scope Script
        (Import-CryoMap Maps:/a.mrc).Path | Should -Be (Join-Path $folder a.mrc)
    }

    It 'overrides voxel size and origin' {
        $map = Import-CryoMap "$folder/a.mrc" -VoxelSize 3.54 -Origin 10, -20.5, 0
        $map.VoxelSize | Should -Be 3.54
        "$($map.Origin)" | Should -Be '10, -20.5, 0'
        "$((Import-CryoMap "$folder/b.mrc" -Origin $map.Origin).Origin)" | Should -Be '10, -20.5, 0'
    }

    It 'refuses a voxel size of <_>' -ForEach 0, -1, ([double]::NaN) {
        { Import-CryoMap "$folder/a.mrc" -VoxelSize $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'refuses an origin of two numbers' {
        { Import-CryoMap "$folder/a.mrc" -Origin 1, 2 } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'replaces what is not finite' {
        $map = New-TestMap -Name nan.mrc
        $map | Export-CryoMap "$TestDrive/nan.mrc" -NoHistory
        $stream = [IO.File]::OpenWrite("$TestDrive/nan.mrc")
        try {
            $stream.Position = 1024
            $stream.Write([BitConverter]::GetBytes([float]::NaN))
        }
        finally { $stream.Dispose() }

        $replaced = Import-CryoMap "$TestDrive/nan.mrc" -NonFiniteValue 7
        $replaced.GetVoxel(0, 0, 0) | Should -Be 7
        Import-CryoMap "$TestDrive/nan.mrc" -NonFiniteValue 7 | Export-CryoMap "$TestDrive/seven.mrc" -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings[0].Message | Should -Match '1 of 4096 voxels'
        { Import-CryoMap "$TestDrive/nan.mrc" | Export-CryoMap "$TestDrive/nan2.mrc" -ErrorAction Stop } | Should -Throw -ErrorId 'MapNotFinite,*'
        { Get-CryoMapHeader "$TestDrive/nan.mrc" -ErrorAction Stop } | Should -Not -Throw
    }

    It 'refuses a map larger than -MemoryLimit' {
        { Import-CryoMap "$folder/a.mrc" -MemoryLimit 1KB -ErrorAction Stop } | Should -Throw -ErrorId 'InsufficientMemory,*'
        { Import-CryoMap "$folder/a.mrc" -MemoryLimit 2GB -ErrorAction Stop } | Should -Not -Throw
    }

    It 'stops quietly for Select-Object -First' {
        $map = Get-ChildItem $folder -File | Import-CryoMap -ErrorVariable failure | Select-Object -First 1
        $map.Name | Should -Be 'a.mrc'
        $failure | Should -BeNullOrEmpty
    }

    It 'completes folders and map files only' {
        Set-Content "$folder/notes.txt" 'x'
        Push-Location $folder
        try {
            $line = 'Import-CryoMap ./'
            $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ListItemText
            $found | Should -Contain 'a.mrc'
            $found | Should -Contain 'c.map.gz'
            $found | Should -Not -Contain 'notes.txt'
        }
        finally { Pop-Location }
    }
}
