namespace LocalDeblur.Maps.Mrc;

/// <summary>Order of the bytes of a number in a map file.</summary>
public enum MrcByteOrder
{
    /// <summary>Least significant byte first; machine stamp 44 44 or 44 41.</summary>
    LittleEndian,
    /// <summary>Most significant byte first; machine stamp 11 11.</summary>
    BigEndian,
}
