# What other programs write where there is no local resolution, imitated on a map that comes with a clean one.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $map = Import-CryoMap "$Lobes/map.mrc.gz"
    $mask = Import-CryoMap "$Lobes/mask.mrc.gz"

    # A short loop, in C#: 262 144 voxels take PowerShell a second each time.
    Add-Type -ReferencedAssemblies netstandard -TypeDefinition @'
public static class ForeignMap
{
    public static float[] Fill(float[] values, float background, int outlierAt, float outlier)
    {
        var result = (float[])values.Clone();
        for (int i = 0; i < result.Length; i++)
        {
            if (!(result[i] > 0)) result[i] = background;
        }

        if (outlierAt > 0)
        {
            int seen = 0;
            for (int i = 0; i < result.Length; i++)
            {
                if (values[i] > 0 && ++seen == outlierAt) result[i] = outlier;
            }
        }

        return result;
    }

    public static double LargestInside(float[] one, float[] other, float[] resolution)
    {
        double largest = 0;
        for (int i = 0; i < one.Length; i++)
        {
            if (resolution[i] > 0) largest = System.Math.Max(largest, System.Math.Abs(one[i] - other[i]));
        }

        return largest;
    }
}
'@

    # PowerShell cannot hold a span: the voxels are read back from a file.
    function Get-Voxels($Map) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).mrc"
        $Map | Export-CryoMap $file -NoHistory
        $bytes = [IO.File]::ReadAllBytes($file)
        $values = [float[]]::new($Map.Size.X * $Map.Size.Y * $Map.Size.Z)
        [Buffer]::BlockCopy($bytes, $bytes.Length - 4 * $values.Length, $values, 0, 4 * $values.Length)
        , $values
    }

    $resolution = Import-CryoMap "$Lobes/locres.mrc.gz"
    $clean = Get-Voxels $resolution
    $expected = Get-Voxels (Invoke-LocalDeblur $map $resolution)

    function New-ForeignMap([float] $Background, [int] $OutlierAt = 0, [float] $Outlier = 0) {
        [LocalDeblur.Maps.CryoMap]::new($resolution.Grid, [ForeignMap]::Fill($clean, $Background, $OutlierAt, $Outlier), 'foreign.mrc')
    }
}

Describe 'A resolution map of another program' {
    It 'with <Background> Å outside (<Program>) sharpens the inside as the clean one does' -ForEach @(
        @{ Program = 'blocres'; Background = 0 }
        @{ Program = 'ResMap'; Background = 100 }
        @{ Program = 'a constant amid the range'; Background = 5.5 }
        @{ Program = 'NaN'; Background = [float]::NaN }
        @{ Program = 'infinity'; Background = [float]::PositiveInfinity }
        @{ Program = 'negative values'; Background = -1 }
    ) {
        $sharp = Invoke-LocalDeblur $map (New-ForeignMap $Background) -WarningAction Ignore
        [ForeignMap]::LargestInside((Get-Voxels $sharp), $expected, $clean) | Should -BeLessThan (1e-6 * $map.Maximum)
    }

    It 'with the worst value of the molecule outside (<Program>) sharpens the inside as the clean one does' -ForEach @{ Program = 'RELION' }, @{ Program = 'cryoSPARC' } {
        # RELION and cryoSPARC both fill the box with the largest value that they found; then it is outside everywhere, so that
        # its few voxels inside, too, are taken as outside unless a mask says otherwise.
        $foreign = New-ForeignMap $resolution.Maximum
        $sharp = Invoke-LocalDeblur $map $foreign -Mask $mask
        $clear = Invoke-LocalDeblur $map $resolution -Mask $mask
        [ForeignMap]::LargestInside((Get-Voxels $sharp), (Get-Voxels $clear), $clean) | Should -BeLessThan (1e-6 * $map.Maximum)

        # Without a mask the background is recognised all the same.
        $verbose = Invoke-LocalDeblur $map $foreign -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $verbose -join "`n" | Should -Match 'is its background and taken as outside'
    }

    It 'with one absurd outlier of 60 Å writes ResolutionRangeInvalid and says what to pass' {
        $foreign = New-ForeignMap 0 -OutlierAt 1000 -Outlier 60
        $failure = { Invoke-LocalDeblur $map $foreign -ErrorAction Stop } | Should -Throw -ErrorId 'ResolutionRangeInvalid,*' -PassThru
        $failure.Exception.Message | Should -Match '-Mask'
        $failure.Exception.Message -match 'coarser values than (?<Limit>\d+(\.\d+)?) Å .*\(New-FilterBank -CoarsestResolution\)' | Should -BeTrue

        # And what it says works.
        $limit = [double]::Parse($Matches.Limit, [cultureinfo]::InvariantCulture)
        $bank = New-FilterBank -VoxelSize $map.VoxelSize -Size $map.Size -CoarsestResolution $limit
        { Invoke-LocalDeblur $map $foreign -FilterBank $bank -ErrorAction Stop } | Should -Not -Throw
    }
}
