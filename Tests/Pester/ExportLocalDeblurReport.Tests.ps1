BeforeAll {
    . $PSScriptRoot/Common.ps1
    $phantom = New-CryoPhantom -Size 48
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive phantom)).FullName
    $phantom.HalfMap1 | Export-CryoMap "$folder/half1.mrc" -NoHistory
    $phantom.HalfMap2 | Export-CryoMap "$folder/half2.mrc" -NoHistory
    $halves = @{ HalfMap1 = "$folder/half1.mrc"; HalfMap2 = "$folder/half2.mrc" }
}

Describe 'Export-LocalDeblurReport' {
    It 'writes one page from half maps alone, with their hashes and the job that repeats it' {
        Push-Location $folder
        try { $page = Export-LocalDeblurReport report.html -HalfMap1 half1.mrc -HalfMap2 half2.mrc -Title 'A <title>' -PassThru }
        finally { Pop-Location }

        $page.FullName | Should -Be (Join-Path $folder report.html)
        $page.Length | Should -BeLessThan 5MB
        $text = Get-Content $page -Raw
        $text | Should -BeLike '*A &lt;title&gt;*'
        $text | Should -BeLike "*$((Get-FileHash $halves.HalfMap1).Hash.ToLowerInvariant())*"
        $job = [regex]::Match($text, '<pre[^>]*>(.*?)</pre>', 'Singleline').Groups[1].Value
        $job = [System.Net.WebUtility]::HtmlDecode($job) | ConvertFrom-Json
        $job.inputs.halfMap1.path | Should -Be half1.mrc
        $job.stages.stage | Should -Be report
        $job.stages.method | Should -Be LocalDeblur
    }

    It 'takes the result of a sharpening cmdlet, whose history names the half maps' {
        Invoke-LocalWiener @halves | Export-LocalDeblurReport "$folder/piped.html" -WarningAction SilentlyContinue
        $text = Get-Content "$folder/piped.html" -Raw
        $text | Should -BeLike '*sharpened</a> by LocalWiener*'
        $text | Should -BeLike '*Two <a class="def" href="#def-halves">half maps</a>*'
    }

    It 'takes a sharpened map with its half maps, a mask and a local resolution as they are' {
        $given = @{ Mask = $phantom.Mask; LocalResolution = $phantom.LocalResolution; WarningAction = 'SilentlyContinue' }
        Import-CryoMap $halves.HalfMap1 | Export-LocalDeblurReport "$folder/given.html" @halves @given -WarningVariable warnings
        $warnings | Should -Match 'hard edge'
        Get-Content "$folder/given.html" -Raw | Should -BeLike '*There is no job that would repeat the run*'
    }

    It 'writes <Id> for <Case>' -ForEach @(
        @{ Id = 'MapCountUnsupported'; Case = 'no map'; Arguments = { @{ HalfMap1 = $null; HalfMap2 = $null } } }
        @{ Id = 'ParameterNeedsAnother'; Case = 'one half map'; Arguments = { @{ HalfMap2 = $null } } }
        @{ Id = 'MapCountUnsupported'; Case = 'two maps beside the half maps'; Arguments = { @{ Map = (New-TestMap -Size 24), (New-TestMap -Size 24) } } }
        @{ Id = 'PlotFileNameUnsupported'; Case = 'another suffix'; Arguments = { @{ Path = "$folder/a.pdf" } } }
        @{ Id = 'MapSizeMismatch'; Case = 'a mask of another size'; Arguments = { @{ Mask = New-TestMap -Size 24 } } }
        @{ Id = 'ParameterOutOfRange'; Case = 'a method beside a sharpened map'; Arguments = { @{ Map = $phantom.HalfMap1; Method = 'Wiener' } } }
    ) {
        $given = @{ Path = "$folder/refused.html"; ErrorAction = 'Stop' } + $halves
        $more = & $Arguments
        $more.Keys | ForEach-Object { $given[$_] = $more[$_] }
        $given.Keys.Where{ $null -eq $given[$_] } | ForEach-Object { $given.Remove($_) }
        { Export-LocalDeblurReport @given } | Should -Throw -ErrorId "$Id,*"
        "$folder/refused.html" | Should -Not -Exist
    }

    It 'writes MapFileNotFound for a result whose half maps cannot be found' {
        $made = Invoke-LocalDeblur -Map (New-TestMap -Size 24) -LocalResolution (New-SlabMap -Size 24) -MaximumIterations 1 -WarningAction SilentlyContinue
        { $made | Export-LocalDeblurReport "$folder/lost.html" -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileNotFound,*' -ExpectedMessage '*-HalfMap1, -HalfMap2*'
    }

    It 'writes MapFileExists before the work for a page that exists, and nothing with -WhatIf' {
        Set-Content "$folder/old.html" old
        { Export-LocalDeblurReport "$folder/old.html" @halves -ErrorAction Stop } | Should -Throw -ErrorId 'MapFileExists,*'
        Export-LocalDeblurReport "$folder/old.html" @halves -Force -WhatIf
        Get-Content "$folder/old.html" | Should -Be old
    }
}
