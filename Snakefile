"""The workflow, from the root: `snakemake --cores all`."""


include: "workflow/Snakefile"


# Only a rule of this file can be what plain `snakemake` makes.
rule all:
    default_target: True
    input:
        rules.check.output,
