BeforeAll {
    . $PSScriptRoot/Common.ps1
    $path = $env:PATH
    New-TestMap | Export-CryoMap "$TestDrive/half.mrc" -NoHistory
    function New-Job { param([string] $Name) New-LocalDeblurJob "$TestDrive/$Name.json" -Map "$TestDrive/half.mrc" -Stage mask -Force }
}

AfterAll { $env:PATH = $path }

Describe 'Submit-LocalDeblurJob' -Skip:$IsWindows {
    BeforeAll { $slurm = New-FakeSlurm "$TestDrive/bin" }

    It 'shows the script with -WhatIf, and submits nothing' {
        $text = Invoke-Child @"
Import-Module '$env:LOCALDEBLUR_MODULE'
New-CryoPhantom -Size 32 | ForEach-Object HalfMap1 | Export-CryoMap '$TestDrive/child.mrc' -NoHistory
`$env:PATH = '${slurm}:' + `$env:PATH
New-LocalDeblurJob '$TestDrive/child.json' -Map '$TestDrive/child.mrc' -Stage mask | Submit-LocalDeblurJob -Partition night -ThrottleLimit 2 -TimeLimit 0:10:30 -WhatIf
"@ | Out-String
        $text | Should -BeLike 'What if: Submit 1 jobs by the script *#!/bin/sh*#SBATCH --array=1-1%2*#SBATCH --time=11*#SBATCH --partition=night*exec localdeblur run --list*'
        "$slurm/sbatch.asked" | Should -Not -Exist
        "$TestDrive/slurm" | Should -Not -Exist
    }

    It 'submits jobs of the pipeline as one array, and passes over those that Slurm has' {
        1..3 | ForEach-Object { $null = New-Job "night/job$_" }
        $array = Get-ChildItem "$TestDrive/night/*.json" | Submit-LocalDeblurJob -Threads 2 -MemoryLimit 1GB -Account em -SbatchOption '--qos=low'
        $array.Id | Should -Be 4711
        $array.Jobs.Count | Should -Be 3
        $array.Threads | Should -Be 2
        Get-Content $array.ScriptPath | Should -Contain '#SBATCH --mem=1024M'
        Get-Content $array.ScriptPath | Should -Contain '#SBATCH --qos=low'
        (Get-Content $array.ListPath).Count | Should -Be 3

        $null = New-FakeSlurm "$TestDrive/bin" -Queue '4711_1|PENDING|Priority\n4711_2|RUNNING|None\n4711_3|PENDING|None\n'
        Get-ChildItem "$TestDrive/night/*.json" | Submit-LocalDeblurJob -InformationVariable notes | Should -BeNullOrEmpty
        "$notes" | Should -BeLike '*job1 was passed over: it is pending already, as 4711_1*job2*running*'
    }

    It 'writes JobInvalid for what is no job, and submits the others' {
        $null = New-Job 'mixed/good'
        Set-Content "$TestDrive/mixed/bad.json" '{ "schema": "localdeblur.job/1", "inputs": {}, "colour": 1 }'
        $array = Submit-LocalDeblurJob "$TestDrive/mixed/*.json" -ErrorVariable problem -ErrorAction SilentlyContinue
        $array.Jobs.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'JobInvalid*'
    }

    It 'fills in a script of the site' {
        Set-Content "$TestDrive/site.sh" "#!/bin/sh`n#SBATCH -p {{ partition }}`nmodule load {{ tool }}`nXXXcommandXXX"
        $array = New-Job 'site/a' | Submit-LocalDeblurJob -Template "$TestDrive/site.sh" -TemplateValue @{ tool = 'dotnet/10' } -Partition cpu -Program '/opt/localdeblur'
        $array.Script | Should -BeLike "*-p cpu*#SBATCH --array=1-1`n*module load dotnet/10`n/opt/localdeblur run --list*"
        { New-Job 'site/b' | Submit-LocalDeblurJob -Template "$TestDrive/site.sh" -Partition cpu } |
            Should -Throw -ErrorId 'TemplateInvalid*' -ExpectedMessage '*{{ tool }}*-TemplateValue*'
    }

    It 'passes on why Slurm refuses' {
        Set-Content "$slurm/sbatch" "#!/bin/sh`necho 'sbatch: error: Batch job submission failed: Invalid account' >&2; exit 1"
        { New-Job 'refused/a' | Submit-LocalDeblurJob -Account nobody } | Should -Throw -ErrorId 'SubmissionRefused*' -ExpectedMessage '*Invalid account*'
        Get-ChildItem "$TestDrive/refused/slurm" | Should -BeNullOrEmpty
    }
}

Describe 'Where there is no Slurm' {
    It 'writes SchedulerUnavailable' {
        $env:PATH = "$TestDrive/none"
        { New-Job 'none/a' | Submit-LocalDeblurJob } | Should -Throw -ErrorId 'SchedulerUnavailable*'
    }
}
