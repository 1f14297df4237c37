@{
    RootModule             = 'LocalDeblur.PowerShell.dll'
    # Loads the engine and its packages in a context of their own; it has to come before the root module.
    NestedModules          = @('LocalDeblur.Loader.dll')
    ModuleVersion          = '0.1.0'
    GUID                   = '6e3a5f0c-92d1-4b7e-8c46-1f0b7d2a9e58'
    Author                 = 'LocalDeblur developers'
    CompanyName            = 'LocalDeblur developers'
    Copyright              = '(c) LocalDeblur developers. MIT License.'
    Description            = 'Local sharpening of cryo-EM density maps: reads and writes MRC/CCP4 maps, makes masks, measures Fourier shell correlation and local resolution, and sharpens maps with LocalDeblur, from the half maps alone or by a given local resolution.'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = @('Core')
    FormatsToProcess       = @('LocalDeblur.Format.ps1xml')
    CmdletsToExport        = @(
        'Compare-CryoMap'
        'Compare-SharpeningMethod'
        'ConvertTo-CryoMap'
        'Export-CryoMap'
        'Export-EMRingerPlot'
        'Export-FscPlot'
        'Export-GuinierPlot'
        'Get-CryoMapHeader'
        'Import-AtomicModel'
        'Import-CryoMap'
        'Invoke-AutoSharpen'
        'Invoke-BFactorSharpening'
        'Invoke-LocalDeblur'
        'Invoke-LocScale'
        'Measure-EMRinger'
        'Measure-FourierShellCorrelation'
        'Measure-GuinierProfile'
        'Measure-LocalResolution'
        'Measure-MapModelFit'
        'Measure-QScore'
        'New-CryoMask'
        'New-FilterBank'
        'Test-CryoMap'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    PrivateData            = @{
        PSData = @{
            Tags = @('cryo-EM', 'CryoEM', 'MRC', 'CCP4', 'LocalDeblur', 'Sharpening', 'StructuralBiology', 'Windows', 'Linux', 'MacOS')
        }
    }
}
