# Dot-sourced by build.ps1 and by the tests of the packages: what a release consists of, one function for each kind of file.

$Repository = Split-Path $PSScriptRoot

# Runners are made for these; on other platforms the module runs, or the runner by `dotnet`.
$RunnerPlatforms = 'linux-x64', 'linux-arm64', 'win-x64'

# The module as PowerShell's package manager takes it, from a gallery or from a folder.
function New-ModulePackage {
    param([string] $Module, [string] $Destination)

    # Where a user has no such folder yet, PSResourceGet would keep its list of repositories in the current one.
    $null = [Environment]::GetFolderPath('LocalApplicationData', 'Create')
    Compress-PSResource -Path $Module -DestinationPath $Destination -PassThru
}

# The module as a folder to unpack into a folder of PSModulePath.
function New-ModuleZip {
    param([string] $Module, [string] $Destination)

    $zip = Join-Path $Destination "LocalDeblur-$(Split-Path $Module -Leaf).zip"
    Compress-Archive -Path (Split-Path $Module) -DestinationPath $zip -Force
    Get-Item -LiteralPath $zip
}

# One program file that needs no .NET on the machine, in a folder with the licences of all it contains. Its own code is machine code
# already, which saves a tenth of the time of a start; .NET's is so anyway, and would be made anew for a composite.
function Publish-Runner {
    param([string] $Platform, [string] $Destination)

    # Objects in a place of their own: the ordinary build's stay as they are.
    $objects = Join-Path $Repository output objects
    # The one for Windows is compressed, since Wine, where it is tried, loads no library out of the middle of a file.
    Remove-Item -LiteralPath $Destination -Recurse -Force -ErrorAction Ignore
    dotnet publish (Join-Path $Repository LocalDeblur.Runner) -c Release -r $Platform --self-contained -o $Destination --artifacts-path $objects `
        -p:PublishSingleFile=true -p:EnableCompressionInSingleFile=$($Platform -like 'win-*') -p:PublishDocumentationFiles=false `
        -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false --nologo -v quiet | Out-Host
    Copy-Item -LiteralPath (Join-Path $Repository LICENSE), (Join-Path $Repository THIRD-PARTY-NOTICES.txt) -Destination $Destination

    $runtime = Get-RuntimePackage $Platform
    Copy-Item -LiteralPath (Join-Path $runtime.Folder LICENSE.TXT) -Destination (Join-Path $Destination dotnet-LICENSE.txt)
    Copy-Item -LiteralPath (Join-Path $runtime.Folder THIRD-PARTY-NOTICES.TXT) -Destination (Join-Path $Destination dotnet-THIRD-PARTY-NOTICES.txt)
    Get-Item -LiteralPath $Destination
}

# The .NET runtime that the last runner for this platform was packed with.
function Get-RuntimePackage {
    param([string] $Platform)

    $assets = Get-Content -LiteralPath (Join-Path $Repository output objects obj LocalDeblur.Runner project.assets.json) -Raw | ConvertFrom-Json -AsHashtable
    $name = "Microsoft.NETCore.App.Runtime.$Platform"
    $range = ($assets.project.frameworks.Values.downloadDependencies | Where-Object name -EQ $name).version
    if (-not $range) {
        throw "The runner was not restored with $name."
    }

    $version = ($range -split '[\[,]')[1].Trim()
    $folder = foreach ($root in $assets.packageFolders.Keys) {
        $candidate = Join-Path $root $name.ToLowerInvariant() $version
        if (Test-Path -LiteralPath $candidate) {
            $candidate
        }
    }
    [pscustomobject] @{ Name = $name; Version = $version; Folder = @($folder)[0] }
}

# The folder of a runner as an archive: a zip for Windows, elsewhere a tar file that keeps the program's right to run.
function New-RunnerArchive {
    param([string] $Runner, [string] $Platform, [string] $Version, [string] $Destination)

    $name = "localdeblur-$Version-$Platform"
    if ($Platform -like 'win-*') {
        $archive = Join-Path $Destination "$name.zip"
        Compress-Archive -Path (Join-Path $Runner '*') -DestinationPath $archive -Force
        return Get-Item -LiteralPath $archive
    }

    $archive = Join-Path $Destination "$name.tar.gz"
    $file = [IO.File]::Create($archive)
    try {
        $compressed = [IO.Compression.GZipStream]::new($file, [IO.Compression.CompressionLevel]::Optimal)
        $tar = [Formats.Tar.TarWriter]::new($compressed, [Formats.Tar.TarEntryFormat]::Pax, $false)
        try {
            foreach ($item in Get-ChildItem -LiteralPath $Runner -File | Sort-Object Name) {
                $entry = [Formats.Tar.PaxTarEntry]::new([Formats.Tar.TarEntryType]::RegularFile, "$name/$($item.Name)")
                # Said here, since a disk of Windows knows no such right: rwxr-xr-x for the program, rw-r--r-- for the texts.
                $entry.Mode = [IO.UnixFileMode] [Convert]::ToInt32(($item.Name -eq 'localdeblur' ? '755' : '644'), 8)
                $entry.ModificationTime = $item.LastWriteTimeUtc
                $entry.DataStream = $item.OpenRead()
                try {
                    $tar.WriteEntry($entry)
                }
                finally {
                    $entry.DataStream.Dispose()
                }
            }
        }
        finally {
            $tar.Dispose()
            $compressed.Dispose()
        }
    }
    finally {
        $file.Dispose()
    }

    Get-Item -LiteralPath $archive
}

# What the module (or the runners) contains of others, in CycloneDX. Reads what was restored; asks no registry.
function New-BillOfMaterials {
    param(
        [ValidateSet('Module', 'Runner')] [string] $Of,
        [string] $Version,
        [string] $Destination,
        # Packages that the program was packed with although no project refers to them.
        [object[]] $Runtime = @()
    )

    $project = $Of -eq 'Module' ? 'LocalDeblur.PowerShell' : 'LocalDeblur.Runner'
    $name = $Of -eq 'Module' ? 'LocalDeblur' : 'localdeblur'
    # Not told apart by case alone, which some disks do not keep.
    $file = $Of -eq 'Module' ? "LocalDeblur-$Version.cdx.json" : "localdeblur-runner-$Version.cdx.json"
    Push-Location $Repository
    try {
        dotnet restore $project -v quiet | Out-Host
        # PowerShellStandard is what the cmdlets are compiled against; PowerShell itself takes its place.
        dotnet tool run dotnet-CycloneDX (Join-Path $project "$project.csproj") --output $Destination --filename $file --output-format Json `
            --set-name $name --set-version $Version --set-type ($Of -eq 'Module' ? 'Library' : 'Application') `
            --include-project-references --disable-package-restore --exclude-filter PowerShellStandard.Library | Out-Null
    }
    finally {
        Pop-Location
    }

    $path = Join-Path $Destination $file
    if ($Runtime) {
        $bill = Get-Content -LiteralPath $path -Raw | ConvertFrom-Json -AsHashtable -DateKind String
        foreach ($package in $Runtime) {
            $address = "pkg:nuget/$($package.Name)@$($package.Version)"
            $bill.components += [ordered] @{
                type = 'framework'; 'bom-ref' = $address; name = $package.Name; version = $package.Version; scope = 'required'
                licenses = @(@{ license = @{ id = 'MIT' } }); purl = $address
            }
            ($bill.dependencies | Where-Object ref -EQ "$name@$Version").dependsOn += $address
            $bill.dependencies += @{ ref = $address; dependsOn = @() }
        }
        $bill | ConvertTo-Json -Depth 32 | Set-Content -LiteralPath $path
    }

    Get-Item -LiteralPath $path
}

# SHA256SUMS, as `sha256sum --check` reads it.
function Write-Checksum {
    param([string] $Folder)

    $sums = Join-Path $Folder SHA256SUMS
    $lines = foreach ($file in Get-ChildItem -LiteralPath $Folder -File | Where-Object Name -NE SHA256SUMS | Sort-Object Name) {
        "$((Get-FileHash -LiteralPath $file.FullName -Algorithm SHA256).Hash.ToLowerInvariant())  $($file.Name)`n"
    }
    [IO.File]::WriteAllText($sums, -join $lines)
    Get-Item -LiteralPath $sums
}

# Everything of a release, in one folder.
function New-Release {
    param([string] $Module)

    $version = Split-Path $Module -Leaf
    $folder = Join-Path $Repository output packages
    Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore
    $null = New-Item -ItemType Directory $folder

    $null = New-ModuleZip $Module $folder
    $null = New-ModulePackage $Module $folder
    $bill = New-BillOfMaterials Module $version $folder
    $listed = @((Get-Content -LiteralPath $bill -Raw | ConvertFrom-Json).components.purl -like 'pkg:nuget/*')
    $foreign = @(Get-ChildItem -LiteralPath (Join-Path $Module lib) -Filter *.dll | Where-Object Name -NotLike 'LocalDeblur.*')
    if ($listed.Count -ne $foreign.Count) {
        throw "The bill of materials lists $($listed.Count) packages ($listed), the module holds $($foreign.Count) libraries of others ($foreign)."
    }

    $runtimes = foreach ($platform in $RunnerPlatforms) {
        $runner = Publish-Runner $platform (Join-Path $Repository output runners $platform)
        $null = New-RunnerArchive $runner $platform $version $folder
        Get-RuntimePackage $platform
    }
    $null = New-BillOfMaterials Runner $version $folder -Runtime $runtimes
    $null = Write-Checksum $folder
    Get-ChildItem -LiteralPath $folder
}
