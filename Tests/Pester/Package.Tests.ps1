BeforeAll {
    . $PSScriptRoot/Common.ps1
    . $PSScriptRoot/../../build/Package.ps1
    $Module = Split-Path $env:LOCALDEBLUR_MODULE
    $Manifest = Import-PowerShellDataFile $env:LOCALDEBLUR_MODULE

    # Paths of a folder's files as the manifest writes them.
    function Get-RelativeFile([string] $Folder) {
        Get-ChildItem -LiteralPath $Folder -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($Folder, $_.FullName).Replace('\', '/') } | Sort-Object
    }
}

Describe 'The staged folder' {
    It 'holds the files of the manifest''s list, and no other' {
        Get-RelativeFile $Module | Should -Be ($Manifest.FileList | Sort-Object)
    }
}

Describe 'The manifest' {
    It 'is valid' {
        (Test-ModuleManifest $env:LOCALDEBLUR_MODULE).Name | Should -Be 'LocalDeblur'
    }

    It 'says <Field> by an address of the project' -ForEach @(@{ Field = 'LicenseUri' }, @{ Field = 'ProjectUri' }, @{ Field = 'IconUri' }) {
        $props = [xml] (Get-Content -LiteralPath (Join-Path $Repository Directory.Build.props) -Raw)
        $project = $props.SelectSingleNode('//RepositoryUrl').InnerText
        $address = [uri] $Manifest.PrivateData.PSData.$Field
        $address.Scheme | Should -Be 'https'
        $address.AbsolutePath | Should -BeLike "$(([uri] $project).AbsolutePath)*"

        # What it names on the main branch is a file of the repository.
        if ($address.AbsolutePath -match '/main/(?<file>.+)$') {
            Join-Path $Repository $Matches.file | Should -Exist
        }
    }

    It 'has release notes, the tag of its edition, and what it does' {
        $data = $Manifest.PrivateData.PSData
        $data.ReleaseNotes | Should -Match '\S'
        $data.Tags | Should -Contain 'PSEdition_Core'
        $data.Tags | Where-Object { $_ -match '\s' } | Should -BeNullOrEmpty -Because 'galleries part tags at spaces'
        $Manifest.Description | Should -Match 'cryo-EM.*half maps.*sharpened map'
    }

    It 'has the version of the change log and of the citation' {
        @(Get-Content -LiteralPath (Join-Path $Repository CHANGELOG.md)) -match '^## ' | Select-Object -First 1 | Should -Be "## $($Manifest.ModuleVersion)"
        @(Get-Content -LiteralPath (Join-Path $Repository CITATION.cff)) -match '^version: ' | Should -Be "version: $($Manifest.ModuleVersion)"
    }
}

Describe 'The notices' {
    It 'name every library that is shipped, with its version' {
        $packages = [xml] (Get-Content -LiteralPath (Join-Path $Repository Directory.Packages.props) -Raw)
        $notices = Get-Content -LiteralPath (Join-Path $Module THIRD-PARTY-NOTICES.txt)
        foreach ($project in 'Engine', 'Loader', 'PowerShell', 'Runner') {
            $file = [xml] (Get-Content -LiteralPath (Join-Path $Repository "LocalDeblur.$project" "LocalDeblur.$project.csproj") -Raw)
            foreach ($reference in $file.SelectNodes('//PackageReference[not(@PrivateAssets)]')) {
                $version = $packages.SelectSingleNode("//PackageVersion[@Include='$($reference.Include)']").Version
                $notices | Should -Contain "$($reference.Include) $version"
            }
        }
    }
}

Describe 'The packages' {
    BeforeAll {
        $Folder = (New-Item -ItemType Directory (Join-Path $TestDrive packages)).FullName
        $Package = New-ModulePackage $Module $Folder
        $Zip = New-ModuleZip $Module $Folder
    }

    It 'install from a folder, by Install-PSResource, and work' {
        # The child's home is a folder of the test. Windows knows no such thing, so there the package is saved, which unpacks it alike.
        $target = (New-Item -ItemType Directory (Join-Path $TestDrive home)).FullName
        $null = New-Item -ItemType Directory (Join-Path $target .local share)
        $name = "LocalDeblurTest$PID"
        $output = Invoke-Child @"
`$ErrorActionPreference = 'Stop'
`$env:HOME = '$target'
`$env:XDG_DATA_HOME = '$target/.local/share'
Register-PSResourceRepository $name -Uri '$Folder' -Trusted
try {
    if (`$IsWindows) { Save-PSResource LocalDeblur -Repository $name -Path '$target' }
    else { Install-PSResource LocalDeblur -Repository $name }
}
finally {
    Unregister-PSResourceRepository $name
}

`$manifest = Get-ChildItem '$target' -Recurse -Force -Filter LocalDeblur.psd1
Import-Module `$manifest.FullName
`$map = Import-CryoMap '$Lobes/map.mrc.gz'
'{0} {1} {2}' -f `$manifest.Directory.Name, `$map.Size.X, (Get-Module LocalDeblur).Version
`$manifest.Directory.FullName
"@
        $output[0] | Should -Be "$($Manifest.ModuleVersion) 64 $($Manifest.ModuleVersion)" -Because ($output -join "`n")
        Get-RelativeFile $output[1] | Where-Object { $_ -ne 'PSGetModuleInfo.xml' } | Should -Be ($Manifest.FileList | Sort-Object)
    }

    It 'unpack to a folder of PSModulePath' {
        Expand-Archive -LiteralPath $Zip -DestinationPath (Join-Path $TestDrive unpacked)
        Get-RelativeFile (Join-Path $TestDrive unpacked) | Should -Be ($Manifest.FileList | ForEach-Object { "LocalDeblur/$($Manifest.ModuleVersion)/$_" } | Sort-Object)
    }

    It 'have checksums' {
        $lines = Get-Content -LiteralPath (Write-Checksum $Folder)
        $lines | ForEach-Object { ($_ -split '  ')[1] } | Should -Be ($Zip.Name, $Package.Name | Sort-Object)
        foreach ($line in $lines) {
            $hash, $file = $line -split '  '
            $hash | Should -BeExactly (Get-FileHash -LiteralPath (Join-Path $Folder $file)).Hash.ToLowerInvariant()
        }
    }

    It 'of a runner keep its right to run' {
        $runner = (New-Item -ItemType Directory (Join-Path $TestDrive runner)).FullName
        Set-Content -LiteralPath (Join-Path $runner localdeblur), (Join-Path $runner LICENSE) -Value 'text'
        $archive = New-RunnerArchive $runner 'linux-arm64' '1.2.3' $TestDrive
        $archive.Name | Should -Be 'localdeblur-1.2.3-linux-arm64.tar.gz'
        $stream = [IO.Compression.GZipStream]::new($archive.OpenRead(), [IO.Compression.CompressionMode]::Decompress)
        try {
            $reader = [Formats.Tar.TarReader]::new($stream)
            $entries = while ($entry = $reader.GetNextEntry()) { "$($entry.Name) $([Convert]::ToString([int] $entry.Mode, 8))" }
        }
        finally {
            $stream.Dispose()
        }

        $entries | Should -Be 'localdeblur-1.2.3-linux-arm64/LICENSE 644', 'localdeblur-1.2.3-linux-arm64/localdeblur 755'
    }
}
