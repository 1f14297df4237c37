using System.CommandLine;
using LocalDeblur.Runner;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>The runner's options for what the engine advises are options that it has.</summary>
public sealed class OptionSpellingTests
{
    private static readonly RootCommand Root = RunnerCommand.Create();

    public static TheoryData<EngineParameter> Parameters => [.. Enum.GetValues<EngineParameter>()];

    // Throws where the table lacks the parameter.
    [Theory]
    [MemberData(nameof(Parameters))]
    public void EverySpellingIsAnOptionOfSomeCommand(EngineParameter parameter) =>
        Assert.All(OptionSpelling.All(parameter), name => Assert.Contains(Root.Subcommands, command => command.Options.Any(option => option.Name == name)));

    [Theory]
    [InlineData("sharpen", EngineParameter.VoxelSize, "--voxel-size, --mask-voxel-size, --local-resolution-voxel-size")]
    [InlineData("score", EngineParameter.VoxelSize, "--voxel-size")]
    [InlineData("guinier", EngineParameter.VoxelSize, null)]
    [InlineData("guinier", EngineParameter.Overwrite, "--force")]
    [InlineData("sharpen", EngineParameter.Index, null)]
    public void OnlyOptionsOfTheRunningCommandAreAdvised(string command, EngineParameter parameter, string? expected) =>
        Assert.Equal(expected, OptionSpelling.Of(parameter, Root.Subcommands.Single(known => known.Name == command)));
}
