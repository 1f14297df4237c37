# Dot-sourced by every test file: the staged module, small maps, and children.

Import-Module $env:LOCALDEBLUR_MODULE

$Lobes = Join-Path $PSScriptRoot ../Data/Reference/lobes64 | Convert-Path

# A map of Size³ voxels (or three sizes), the same every time. Its voxels are a short pseudo-random row, repeated: quick to make.
function New-TestMap {
    param(
        [int[]] $Size = 16,
        [double] $VoxelSize = 1.5,
        [double[]] $Origin = (0, 0, 0),
        [string] $Name = 'test.mrc',
        [int] $Seed = 1
    )

    $edges = $Size.Count -eq 1 ? @($Size[0], $Size[0], $Size[0]) : $Size
    $voxels = [float[]]::new($edges[0] * $edges[1] * $edges[2])
    $random = [random]::new($Seed)
    $filled = [math]::Min(1021, $voxels.Length)
    for ($i = 0; $i -lt $filled; $i++) {
        $voxels[$i] = $random.NextDouble() - 0.5
    }

    while ($filled -lt $voxels.Length) {
        $count = [math]::Min($filled, $voxels.Length - $filled)
        [array]::Copy($voxels, 0, $voxels, $filled, $count)
        $filled += $count
    }

    $grid = [LocalDeblur.Maps.MapGrid]::new(
        [LocalDeblur.Maps.GridSize]::new($edges[0], $edges[1], $edges[2]), $VoxelSize, [LocalDeblur.Maps.AxisTriple]::new($Origin[0], $Origin[1], $Origin[2]))
    [LocalDeblur.Maps.CryoMap]::new($grid, $voxels, $Name)
}

# A map of one value outside and another in the middle half along z: a local resolution, or a mask.
function New-SlabMap {
    param([int] $Size = 16, [double] $VoxelSize = 1.5, [float] $Inside = 6, [float] $Outside = 0, [string] $Name = 'slab.mrc')

    $voxels = [float[]]::new($Size * $Size * $Size)
    [array]::Fill($voxels, $Outside)
    [array]::Fill($voxels, $Inside, $Size * $Size * ($Size -shr 2), $Size * $Size * ($Size -shr 1))
    [LocalDeblur.Maps.CryoMap]::new([LocalDeblur.Maps.MapGrid]::new([LocalDeblur.Maps.GridSize]::new($Size, $Size, $Size), $VoxelSize), $voxels, $Name)
}

# Writes three map files: good.mrc, stamp.mrc with an empty machine stamp (it can be used), and short.mrc, whose end is missing.
function New-CheckedFiles {
    param([string] $Folder)

    New-TestMap | Export-CryoMap "$Folder/good.mrc" -NoHistory
    $bytes = [IO.File]::ReadAllBytes("$Folder/good.mrc")
    [IO.File]::WriteAllBytes("$Folder/short.mrc", $bytes[0..4000])
    [array]::Clear($bytes, 212, 4)
    [IO.File]::WriteAllBytes("$Folder/stamp.mrc", $bytes)
}

# A molecule whose truth is known, in a small box.
function New-Phantom {
    param([int] $Size = 48)

    [LocalDeblur.Phantom.HelixPhantom]::new([LocalDeblur.Phantom.PhantomOptions] @{ Size = $Size })
}

# Writes a model of six atoms, with a hydrogen and an alternate conformation, in the middle of a box; returns the path.
function New-SixAtomModel {
    param([string] $Path, $Origin = (0, 0, 0), [double] $Edge = 32)

    $corner = $Origin -is [array] ? $Origin : ($Origin.X, $Origin.Y, $Origin.Z)
    $atoms = @(
        @{ Name = ' N  '; Alt = ' '; Element = 'N'; At = 0, 0, 0; Occupancy = 1 }
        @{ Name = ' CA '; Alt = ' '; Element = 'C'; At = 1.4, 0.3, 0; Occupancy = 1 }
        @{ Name = ' C  '; Alt = ' '; Element = 'C'; At = 2, 1.6, 0.4; Occupancy = 1 }
        @{ Name = ' CB '; Alt = 'A'; Element = 'C'; At = 1.9, -0.8, -1; Occupancy = 0.6 }
        @{ Name = ' CB '; Alt = 'B'; Element = 'C'; At = 1.9, -0.8, 1; Occupancy = 0.4 }
        @{ Name = ' O  '; Alt = ' '; Element = 'O'; At = 1.4, 2.6, 0.8; Occupancy = 1 }
        @{ Name = ' H  '; Alt = ' '; Element = 'H'; At = -0.5, 0.8, 0.2; Occupancy = 1 }
    )
    $serial = 0
    $lines = foreach ($atom in $atoms) {
        $serial++
        $x, $y, $z = 0..2 | ForEach-Object { $corner[$_] + ($Edge / 2) + $atom.At[$_] }
        [string]::Format(
            [cultureinfo]::InvariantCulture, 'ATOM  {0,5} {1}{2}LEU A   7    {3,8:0.000}{4,8:0.000}{5,8:0.000}{6,6:0.00}{7,6:0.00}          {8,2}',
            $serial, $atom.Name, $atom.Alt, $x, $y, $z, $atom.Occupancy, 60, $atom.Element)
    }

    Set-Content -LiteralPath $Path -Value ($lines + 'END')
    Convert-Path -LiteralPath $Path
}

# The program and the arguments that start another PowerShell like this one, which may be a program of its own or run by dotnet.
function Get-PowerShellCommand {
    param([string[]] $Arguments)

    [Environment]::ProcessPath
    if ((Split-Path ([Environment]::ProcessPath) -LeafBase) -eq 'dotnet') {
        Join-Path $PSHOME pwsh.dll
    }

    $Arguments
}

# Runs script text in a PowerShell of its own, of the same version; returns what it wrote, both streams.
function Invoke-Child {
    param([string] $Script)

    $file = Join-Path $TestDrive "child-$([guid]::NewGuid().ToString('N')).ps1"
    Set-Content -LiteralPath $file -Value $Script
    $program, $arguments = Get-PowerShellCommand '-NoProfile', '-NonInteractive', '-File', $file
    & $program @arguments 2>&1 | ForEach-Object { "$_" }
}

# A file of the reference data: of the repository's own, or else of the folder that LOCALDEBLUR_REFERENCE names (shared/reference beside the
# repository). A test whose file is at neither place is skipped, or fails where LOCALDEBLUR_REQUIRE_REFERENCE is 1.
function Get-ReferenceFile {
    param([string] $Name)

    $elsewhere = $env:LOCALDEBLUR_REFERENCE ? $env:LOCALDEBLUR_REFERENCE : (Join-Path $PSScriptRoot ../../../shared/reference)
    foreach ($folder in (Join-Path $PSScriptRoot ../Data/Reference), $elsewhere) {
        $file = Join-Path $folder $Name
        if (Test-Path -LiteralPath $file) {
            return Convert-Path -LiteralPath $file
        }
    }

    if ($env:LOCALDEBLUR_REQUIRE_REFERENCE -eq '1') {
        throw "The reference data '$Name' is not at hand, and is required, since LOCALDEBLUR_REQUIRE_REFERENCE is 1."
    }

    Set-ItResult -Skipped -Because "the reference data '$Name' is not part of the repository; LOCALDEBLUR_REFERENCE names a folder that has it"
}

# Writes a PDB file of leucines in a cube, as many along each edge as asked for, and returns its path.
function New-LeucineModel {
    param([string] $Path, [int] $Edge = 2, [double] $From = 8, [double] $Distance = 8)

    $atoms = @(
        @('N', 0, 0, 0), @('CA', 1.458, 0, 0), @('C', 2.009, 1.42, 0), @('O', 1.251, 2.39, 0), @('CB', 1.988, -0.773, -1.199)
        @('CG', 1.677, -2.271, -1.222), @('CD1', 2.153, -2.893, -2.524), @('CD2', 0.179, -2.502, -1.345)
    )
    $serial = 0
    $residue = 0
    $lines = foreach ($x in 0..($Edge - 1)) {
        foreach ($y in 0..($Edge - 1)) {
            foreach ($z in 0..($Edge - 1)) {
                $residue++
                foreach ($atom in $atoms) {
                    $serial++
                    [string]::Format(
                        [cultureinfo]::InvariantCulture, 'ATOM  {0,5}  {1,-3} LEU A{2,4}    {3,8:0.000}{4,8:0.000}{5,8:0.000}  1.00 40.00           {6}',
                        $serial, $atom[0], $residue, ($From + $Distance * $x + $atom[1]), ($From + $Distance * $y + $atom[2]), ($From + $Distance * $z + $atom[3]), $atom[0][0])
                }
            }
        }
    }

    Set-Content -LiteralPath $Path -Value ($lines + 'END')
    $Path
}

# Stand-ins for the commands of a Slurm, which give one answer each, note what they are asked in a file of their name, and come first on the PATH. Returns their folder.
# Not of Windows, and neither is Slurm.
function New-FakeSlurm {
    param([string] $Folder, [string] $Queue = '')

    $null = New-Item -ItemType Directory -Force $Folder
    $answers = @{
        sbatch = 'echo 4711'; squeue = "printf '$Queue'"; scancel = ':'; scontrol = 'echo "MaxArraySize            = 1001"'
        sacct = 'echo "Slurm accounting storage is disabled" >&2; exit 1'
    }
    foreach ($name in $answers.Keys) {
        Set-Content "$Folder/$name" "#!/bin/sh`necho `"`$@`" >> '$Folder/$name.asked'`n$($answers[$name])"
        chmod +x "$Folder/$name"
    }

    if ($env:PATH -notlike "${Folder}:*") {
        $env:PATH = "${Folder}:$env:PATH"
    }

    $Folder
}

# Starts a server on this machine with two entries of the EMDB, of small maps: EMD-5778 with half maps and a model, EMD-2660 with its map alone. It is $Server then.
function Start-EmdbStandIn {
    if (-not ('LocalDeblur.Tests.LocalServer' -as [type])) {
        $options = '-nullable:enable', '-langversion:latest'
        # What the project of the tests uses everywhere.
        $usings = 'System', 'System.Collections.Generic', 'System.IO', 'System.Linq', 'System.Threading', 'System.Threading.Tasks'
        Set-Content "$TestDrive/usings.cs" ($usings | ForEach-Object { "global using $_;" })
        $sources = @("$TestDrive/usings.cs") + ('LocalServer', 'EmdbStandIn' | ForEach-Object { Join-Path $PSScriptRoot "../$_.cs" })
        Add-Type -Path $sources -CompilerOptions $options -IgnoreWarnings -WarningAction SilentlyContinue
    }

    $script:Server = [LocalDeblur.Tests.LocalServer]::new()
    $files = foreach ($seed in 1..3) {
        New-TestMap -Size 24 -Seed $seed | Export-CryoMap "$TestDrive/stand-in-$seed.mrc" -NoHistory -Force
        , [IO.File]::ReadAllBytes("$TestDrive/stand-in-$seed.mrc")
    }

    # Halves of one reconstruction have most in common.
    $common = [int] (0.7 * $files[1].Length)
    [array]::Copy($files[1], $files[2], $common - $common % 4)
    $model = [IO.File]::ReadAllBytes((New-SixAtomModel "$TestDrive/stand-in.pdb"))
    [LocalDeblur.Tests.EmdbStandIn]::Add($Server, 5778, $files[0], [byte[][]] ($files[1], $files[2]), $null, $model)
    [LocalDeblur.Tests.EmdbStandIn]::Add($Server, 2660, $files[0], [byte[][]]::new(0), $null, $null)
}
