namespace LocalDeblur.Maps.Mrc;

/// <summary>Header of an MRC2014/CCP4 map as stored in its file.</summary>
public sealed record MrcHeader
{
}
