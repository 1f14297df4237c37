using LocalDeblur.Jobs.Slurm;
using Xunit;

namespace LocalDeblur.Tests.Engine.Jobs;

/// <summary>Sites' own scripts, as cryoSPARC and RELION have them.</summary>
public sealed class SlurmTemplateTests
{
    private static readonly Dictionary<string, string?> Values = new()
    {
        ["run_cmd"] = "run it",
        ["command"] = "run it",
        ["num_cpu"] = "4",
        ["threads"] = "4",
        ["ram_gb"] = "2",
        ["queue"] = null,
        ["name"] = "night",
        ["num_gpu"] = "0",
    };

    [Fact]
    public void AScriptOfCryoSparcIsFilledIn() => Assert.Equal(
        """
        #!/usr/bin/env bash
        ## run it is the command
        #SBATCH -n 4

        #SBATCH --mem=2000M
        #SBATCH --gres=gpu:0
        #SBATCH --array=1-3
        #SBATCH --requeue
        echo $SLURM_JOB_ID ${HOME}
        #SBATCH this is no option any more
        run it

        """,
        SlurmTemplate.Fill(
            """
            #!/usr/bin/env bash
            ## {{ run_cmd }} is the command
            #SBATCH -n {{ num_cpu }}

            #SBATCH --mem={{ (ram_gb*1000)|int }}M
            #SBATCH --gres=gpu:{{num_gpu}}
            echo $SLURM_JOB_ID ${HOME}
            #SBATCH this is no option any more
            {{ run_cmd }}

            """,
            Values,
            ["--array=1-3", "--requeue"]));

    [Fact]
    public void AScriptOfRelionIsFilledIn() => Assert.Equal(
        "#!/bin/bash\n#SBATCH --array=1-3\nexport N=4\nsrun run it\n",
        SlurmTemplate.Fill("#!/bin/bash\r\nexport N=XXXthreadsXXX\r\nsrun XXXcommandXXX\r\n", Values, ["--array=1-3"]));

    [Theory]
    [InlineData("#!/bin/sh\necho\n", "has no place for the command")]
    [InlineData("{{ run_cmd }} {{ colour }}", "has '{{ colour }}', which is not known; known are run_cmd,")]
    [InlineData("{{ run_cmd }} XXXextra1XXX", "has 'XXXextra1XXX', which is not known")]
    [InlineData("{{ run_cmd }} XXXqueueXXX", "has 'XXXqueueXXX', and no value was given for it. Give a value")]
    [InlineData("{%- if num_gpu == 0 %}\n{{ run_cmd }}", "has statements")]
    [InlineData("{{ run_cmd }} {{ ram_gb | round(2) }}", "expected a name, or a name times a number")]
    [InlineData("{{ run_cmd }} {{ (name*2)|int }}", "name is 'night', which is no number")]
    public void WhatCannotBeFilledInIsRefused(string template, string expected)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => SlurmTemplate.Fill(template, Values, []));
        Assert.Equal(EngineError.TemplateInvalid, refusal.Error);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}
