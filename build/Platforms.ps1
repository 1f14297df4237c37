# Dot-sourced by build.ps1: the runner on the platforms that this machine can run or stand in for.

. $PSScriptRoot/Package.ps1

# How this machine runs a program of another platform: the words before the program and the environment, or what is missing for it.
function Get-PlatformHost {
    param([string] $Platform)

    $system = $IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux'
    if ($Platform -eq "$system-$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)".ToLowerInvariant()) {
        return @{ Name = 'this machine'; Command = @(); Environment = @{} }
    }

    switch ($Platform) {
        linux-arm64 {
            $emulator = Get-Command qemu-aarch64-static, qemu-aarch64 -CommandType Application -ErrorAction Ignore | Select-Object -First 1
            $libraries = '/usr/aarch64-linux-gnu'
            if (-not $emulator) {
                return @{ Missing = 'qemu-aarch64 is not installed (Debian: qemu-user-static)' }
            }

            if (-not (Test-Path $libraries/lib/ld-linux-aarch64.so.1) -or -not (Test-Path $libraries/lib/libstdc++.so.6)) {
                return @{ Missing = "the libraries of Arm64 are not in $libraries (Debian: libc6-arm64-cross, libstdc++6-arm64-cross, libgcc-s1-arm64-cross)" }
            }

            # ICU is not among those libraries; machine text is invariant anyway.
            return @{ Name = $emulator.Name; Command = $emulator.Source, '-L', $libraries; Environment = @{ DOTNET_SYSTEM_GLOBALIZATION_INVARIANT = '1' } }
        }
        win-x64 {
            $emulator = Get-Command wine, wine64 -CommandType Application -ErrorAction Ignore | Select-Object -First 1
            if (-not $emulator) {
                return @{ Missing = 'Wine is not installed (Debian: wine)' }
            }

            return @{
                Name        = $emulator.Name
                Command     = @($emulator.Source)
                Environment = @{
                    WINEDEBUG                      = '-all'
                    WINEPREFIX                     = Join-Path $Repository output platforms wine
                    # Wine 8 ends the runtime in a finalizer without this.
                    DOTNET_EnableWriteXorExecute   = '0'
                }
            }
        }
        default { return @{ Missing = 'nothing here stands in for it' } }
    }
}

# Runs the demo, and the local Wiener restoration of its half maps. What it printed goes to a file, byte by byte.
function Invoke-Demo {
    param([string[]] $Command, [hashtable] $Environment = @{}, [string] $Folder, [int] $Size)

    $PSNativeCommandUseErrorActionPreference = $false
    $before = @{}
    foreach ($name in $Environment.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $Environment[$name])
    }

    $null = New-Item -ItemType Directory $Folder -Force
    Push-Location -LiteralPath $Folder
    try {
        $arguments = @($Command | Select-Object -Skip 1)
        & $Command[0] @arguments demo --size $Size --output maps > printed.txt 2> messages.txt
        $code = $LASTEXITCODE
        if ($code -eq 0) {
            $halves = '--half1', 'maps/half1.mrc', '--half2', 'maps/half2.mrc', '--mask', 'maps/mask.mrc'
            & $Command[0] @arguments wiener @halves --write-all --output maps/wiener.mrc >> printed.txt 2>> messages.txt
            $code = $LASTEXITCODE
        }
    }
    finally {
        Pop-Location
        foreach ($name in $before.Keys) {
            [Environment]::SetEnvironmentVariable($name, $before[$name])
        }
    }

    if ($code -ne 0) {
        throw "The demo ended with exit code $code. $(Get-Content -LiteralPath (Join-Path $Folder messages.txt) -Tail 5)"
    }
}

# What differs between two runs of the demo: the files of maps, and the way the text was written.
function Compare-Demo {
    param([string] $Folder, [string] $Reference)

    $expected = @(Get-ChildItem -LiteralPath (Join-Path $Reference maps) -Filter *.mrc)
    if ($expected.Count -eq 0) {
        'the demo here wrote no map'
    }

    foreach ($map in $expected) {
        $other = Join-Path $Folder maps $map.Name
        if (-not (Test-Path -LiteralPath $other)) {
            "$($map.Name) is missing"
        }
        elseif ((Get-FileHash -LiteralPath $other).Hash -ne (Get-FileHash -LiteralPath $map.FullName).Hash) {
            "$($map.Name) has other bits"
        }
    }

    $bytes = [IO.File]::ReadAllBytes((Join-Path $Folder printed.txt))
    # Every character beyond ASCII is a claim on the encoding; a file that is not UTF-8 throws here.
    $text = [Text.UTF8Encoding]::new($false, $true).GetString($bytes)
    if ($text.StartsWith([char] 0xFEFF)) {
        'the text begins with a byte order mark'
    }

    if (-not $text.Contains([char] 0xC5)) {
        'the text has no Å'
    }
}

# Runs the demo on each platform that has a runner and compares it with the demo here, built the ordinary way.
function Test-Platform {
    param([int] $Size = 48)

    $root = Join-Path $Repository output platforms
    Remove-Item -LiteralPath $root -Recurse -Force -ErrorAction Ignore
    $here = Join-Path $root here
    dotnet build (Join-Path $Repository LocalDeblur.Runner) -c Release --nologo -v quiet | Out-Host
    Invoke-Demo -Command dotnet, (Join-Path $Repository LocalDeblur.Runner bin Release net10.0 localdeblur.dll) -Folder $here -Size $Size

    foreach ($platform in $RunnerPlatforms) {
        $way = Get-PlatformHost $platform
        $row = [ordered] @{ Platform = $platform; On = $way.Name; Seconds = $null; Passed = $null; Result = "not tried: $($way.Missing)" }
        if (-not $way.Missing) {
            $runner = Publish-Runner $platform (Join-Path $Repository output runners $platform)
            $program = Join-Path $runner ($platform -like 'win-*' ? 'localdeblur.exe' : 'localdeblur')
            $folder = Join-Path $root $platform
            $watch = [Diagnostics.Stopwatch]::StartNew()
            try {
                Invoke-Demo -Command ($way.Command + $program) -Environment $way.Environment -Folder $folder -Size $Size
                $row.Seconds = [math]::Round($watch.Elapsed.TotalSeconds)
                $differences = @(Compare-Demo $folder $here)
                $count = @(Get-ChildItem -LiteralPath (Join-Path $here maps) -Filter *.mrc).Count
                $row.Passed = $differences.Count -eq 0
                $row.Result = $row.Passed ? "$count maps, every bit as here" : $differences -join '; '
            }
            catch {
                $row.Passed = $false
                $row.Result = "$_"
            }
        }

        [pscustomobject] $row
    }
}
