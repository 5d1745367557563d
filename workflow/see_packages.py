"""Let one environment see the packages of this one, the editable ones too: `python see_packages.py FOLDER`."""

import sys
import sysconfig
from pathlib import Path


def main(folder: str) -> None:
    """Write the line of Python that the other environment runs at its start."""
    own = sysconfig.get_path("purelib")
    other = Path(sysconfig.get_path("purelib", vars={"base": folder}))
    (other / "knockflow-env.pth").write_text(f"import site; site.addsitedir({own!r})\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
