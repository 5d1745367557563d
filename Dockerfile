# All that a run needs, in one image:
#   docker build --tag knockflow .
#   docker run --rm --volume "$PWD:/work" knockflow --cores 2 --configfile my-config.yaml
# Apptainer runs the same image: apptainer build knockflow.sif docker-daemon:knockflow:latest
FROM python:3.11-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm --recursive --force /var/lib/apt/lists/*

# The environment first, so that an edit of the code does not install it anew.
WORKDIR /knockflow
COPY Makefile pyproject.toml requirements.lock requirements-build.lock LICENSE README.md ./
COPY workflow/install.py workflow/
COPY scripts scripts
RUN make env

COPY . .

# Results belong to the folder that is mounted; caches of models and energies stay in it, too.
WORKDIR /work
ENV HOME=/work \
    PATH=/knockflow/.venv/bin:$PATH
ENTRYPOINT ["snakemake", "--snakefile", "/knockflow/Snakefile", "--directory", "/work"]
CMD ["--cores", "1", "--configfile", "/knockflow/config/config.yaml"]
