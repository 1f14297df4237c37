# The module's parameters for what the engine advises are parameters that its cmdlets have.

BeforeDiscovery {
    Import-Module $env:LOCALDEBLUR_MODULE
    $names = [enum]::GetNames([LocalDeblur.EngineParameter]) | ForEach-Object { @{ Parameter = $_ } }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1

    $spell = (Get-Command Import-CryoMap).ImplementingType.Assembly.GetType('LocalDeblur.PowerShell.ParameterSpelling').GetMethod('Of')

    # What the cmdlet would advise, for example "Import-CryoMap -Index", or nothing.
    function Get-Spelling([string] $Parameter, [string] $Cmdlet) {
        $spell.Invoke($null, @([LocalDeblur.EngineParameter]$Parameter, [System.Management.Automation.CommandInfo](Get-Command $Cmdlet)))
    }
}

Describe 'What the engine advises' {
    It 'is spelled with a parameter that exists: <Parameter>' -ForEach $names {
        $spellings = foreach ($cmdlet in (Get-Command -Module LocalDeblur).Name) {
            foreach ($spelling in Get-Spelling $Parameter $cmdlet | Where-Object { $_ }) {
                $owner, $typed = $spelling -match '^[A-Z]' ? $spelling.Split(' ', 2) : ($cmdlet, $spelling)
                foreach ($name in $typed -split ', ') {
                    (Get-Command $owner).Parameters.Keys | Should -Contain $name.TrimStart('-') -Because "$cmdlet says '$spelling'"
                }

                $spelling
            }
        }

        # A parameter that no cmdlet can advise would be one that has lost its name.
        $spellings | Should -Not -BeNullOrEmpty
    }

    It 'names the cmdlet where it is another one' {
        Get-Spelling Index Invoke-LocalDeblur | Should -Be 'Import-CryoMap -Index'
        Get-Spelling Index Import-CryoMap | Should -Be '-Index'
    }

    It 'is left out where the cmdlet has no such parameter' {
        Get-Spelling Overwrite Export-CryoMap | Should -Be '-Force'
        Get-Spelling Overwrite Measure-QScore | Should -BeNullOrEmpty
    }
}
