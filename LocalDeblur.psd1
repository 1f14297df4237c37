@{
    RootModule             = 'LocalDeblur.PowerShell.dll'
    # Loads the engine and its packages in a context of their own; it has to come before the root module.
    NestedModules          = @('LocalDeblur.Loader.dll')
    ModuleVersion          = '0.1.0'
    GUID                   = '6e3a5f0c-92d1-4b7e-8c46-1f0b7d2a9e58'
    Author                 = 'LocalDeblur developers'
    CompanyName            = 'LocalDeblur developers'
    Copyright              = '(c) LocalDeblur developers. MIT License.'
    Description            = 'Sharpens cryo-EM density maps locally, by their own local resolution, with LocalDeblur: two half maps go in, a sharpened map comes out. Reads and writes MRC/CCP4 maps, makes masks, measures Fourier shell correlation and local resolution (MonoRes), scores maps by an atomic model (Q-score, EMRinger, map-model fit), and has the methods that LocalDeblur is compared with: B-factor sharpening as in RELION, Phenix AutoSharpen and LocScale.'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = @('Core')
    FormatsToProcess       = @('LocalDeblur.Format.ps1xml')
    TypesToProcess         = @('LocalDeblur.Types.ps1xml')
    CmdletsToExport        = @(
        'Compare-CryoMap'
        'Compare-SharpeningMethod'
        'ConvertTo-CryoMap'
        'Export-ChimeraXScript'
        'Export-CryoMap'
        'Export-EmdbDeposition'
        'Export-EMRingerPlot'
        'Export-FscPlot'
        'Export-FscTable'
        'Export-GuinierPlot'
        'Export-LocalDeblurReport'
        'Export-MapSlice'
        'Get-CryoMapHeader'
        'Get-CryoMapReport'
        'Get-LocalDeblurJob'
        'Import-AtomicModel'
        'Import-CryoMap'
        'Invoke-AutoSharpen'
        'Invoke-BFactorSharpening'
        'Invoke-LocalDeblur'
        'Invoke-LocalWiener'
        'Invoke-LocScale'
        'Measure-EMRinger'
        'Measure-FourierShellCorrelation'
        'Measure-GuinierProfile'
        'Measure-LocalResolution'
        'Measure-MapModelFit'
        'Measure-QScore'
        'New-CryoMask'
        'New-CryoPhantom'
        'New-FilterBank'
        'New-LocalDeblurJob'
        'Save-EmdbEntry'
        'Show-CryoMap'
        'Start-LocalDeblurJob'
        'Stop-LocalDeblurJob'
        'Submit-LocalDeblurJob'
        'Test-CryoMap'
        'Wait-LocalDeblurJob'
        'Watch-CryoFolder'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    # Every file of the module: what is staged, packed and installed is this list, neither more nor less.
    FileList               = @(
        'LICENSE'
        'LocalDeblur.Format.ps1xml'
        'LocalDeblur.Loader.dll'
        'LocalDeblur.PowerShell.dll'
        'LocalDeblur.psd1'
        'LocalDeblur.Types.ps1xml'
        'THIRD-PARTY-NOTICES.txt'
        'en-US/about_LocalDeblur.help.txt'
        'en-US/about_LocalWiener.help.txt'
        'en-US/LocalDeblur.PowerShell.dll-Help.xml'
        'lib/ICSharpCode.SharpZipLib.dll'
        'lib/LocalDeblur.Engine.dll'
        'lib/MathNet.Numerics.dll'
        'lib/Polly.Core.dll'
        'lib/System.Numerics.Tensors.dll'
    )
    PrivateData            = @{
        PSData = @{
            Tags         = @(
                'cryo-EM', 'CryoEM', 'MRC', 'CCP4', 'LocalDeblur', 'Sharpening', 'LocalResolution', 'FSC', 'StructuralBiology',
                'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
            LicenseUri   = 'https://github.com/localdeblur/localdeblur/blob/main/LICENSE'
            ProjectUri   = 'https://github.com/localdeblur/localdeblur'
            IconUri      = 'https://raw.githubusercontent.com/localdeblur/localdeblur/main/docs/images/icon.png'
            ReleaseNotes = 'First version: LocalDeblur from two half maps alone or with a local resolution, the measurements and masks it needs, and the methods it is compared with. Every change: https://github.com/localdeblur/localdeblur/blob/main/CHANGELOG.md'
        }
    }
}
