"""Install pinned packages with pip and say how far it has come: a line every ten seconds, and pip's words if it fails.

Only Python's own library is imported, since nothing else is there yet. All that pip says is kept in `.venv/pip.log`.
"""

import re
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

LOG = Path(".venv/pip.log")
PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
EVERY = 10  # seconds between two lines
MOST_LINES = 15  # of pip's, where it fails
ASKED = re.compile(r"\(from -r \S+ \(line \d+\)\)")


def pinned(options: list[str]) -> int:
    """How many packages the requirement files among pip's options pin."""
    files = [Path(file) for option, file in zip(options, options[1:], strict=False) if option == "-r"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return sum("==" in line and not line.lstrip().startswith("#") for line in lines)


def stage(lines: list[str], count: int) -> str:
    """What pip is at, from what it has said so far."""
    if any(line.startswith("Installing collected packages") for line in lines):
        return "all packages fetched, unpacking them"
    fetched = {found[0] for line in lines if (found := ASKED.search(line))}
    return f"{min(len(fetched), count)} of {count} packages fetched"


def complaint(lines: list[str]) -> str:
    """What pip said last, with every error and warning before."""
    last = lines[-MOST_LINES:]
    told = [line for line in lines[:-MOST_LINES] if line.lstrip().startswith(("ERROR", "WARNING", "error"))]
    return "\n".join([*told[-MOST_LINES:], *last])


def install(options: list[str]) -> int:
    """Run pip with these options; its exit status."""
    count, lines, began = pinned(options), [], time.monotonic()
    process = subprocess.Popen(
        [*PIP, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    reader = Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")))
    reader.start()
    while True:
        try:
            process.wait(EVERY)
            break
        except subprocess.TimeoutExpired:
            print(f"  {stage(list(lines), count)}, {time.monotonic() - began:.0f} s", flush=True)
    reader.join()
    told = [line.rstrip() for line in lines]
    with LOG.open("a", encoding="utf-8") as log:
        log.writelines(f"{line}\n" for line in [f"$ pip install {' '.join(options)}", *told])
    if process.returncode:
        print(f"{complaint(told)}\npip failed (all that it said: {LOG})", file=sys.stderr)
    return process.returncode


if __name__ == "__main__":
    sys.exit(install(sys.argv[1:]))
