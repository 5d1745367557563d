"""SLURM on this machine alone, for tests: its daemons are started where none answers, and stopped at the end.

Needs Debian's packages slurm-wlm and munge, and the rights of root, since jobs find SLURM by /etc/slurm/slurm.conf.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIGURATION = Path("/etc/slurm/slurm.conf")
DAEMONS = ("munged", "slurmctld", "slurmd")

# Memory is counted by looking at the processes, and jobs that have too much are killed: that needs no control groups.
SETTINGS = """\
ClusterName=alone
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
MinJobAge=300
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory} State=UNKNOWN
PartitionName=alone Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def answers() -> bool:
    """Whether a SLURM is here that takes jobs."""
    return bool(shutil.which("sinfo")) and subprocess.run(["sinfo"], capture_output=True).returncode == 0


def why_not() -> str:
    """Why none can be started; empty if one can."""
    missing = [name for name in DAEMONS if not shutil.which(name)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    if os.geteuid() or CONFIGURATION.exists():
        return f"only root may start it, where {CONFIGURATION} is not there yet"
    return ""


@contextmanager
def slurm_node(folder: Path) -> Iterator[None]:
    """Within it, this machine is a cluster of one node, with two cores and 6 GB."""
    folder.mkdir(parents=True)
    (folder / "munge.key").write_bytes(os.urandom(1024))
    (folder / "munge.key").chmod(0o600)
    CONFIGURATION.parent.mkdir(exist_ok=True)
    CONFIGURATION.write_text(SETTINGS.format(host=socket.gethostname(), folder=folder, cores=2, memory=6000))
    kinds = {"key-file": "key", "socket": "socket", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
    munge = [f"--{option}={folder}/munge.{ending}" for option, ending in kinds.items()]
    try:
        for command in (["munged", "--force", *munge], ["slurmctld"], ["slurmd"]):
            subprocess.run(command, check=True)
        _wait_until_idle()
        yield
    finally:
        for name in ("slurmd", "slurmctld", "munge"):
            _stop(folder / f"{name}.pid")
        CONFIGURATION.unlink()


def _wait_until_idle(seconds: int = 30) -> None:
    for _ in range(seconds):
        told = subprocess.run(["sinfo", "--noheader", "--format=%T"], capture_output=True, text=True).stdout
        if told.strip() == "idle":
            return
        time.sleep(1)
    raise TimeoutError(f"SLURM's node is not ready after {seconds} s: {told.strip()}")


def _stop(pid_file: Path) -> None:
    if pid_file.exists():
        subprocess.run(["kill", pid_file.read_text().strip()])
