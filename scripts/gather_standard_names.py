"""Gather the public names of Python's own modules into `knowledge/standard_names.txt`.

Usage: `gather_standard_names.py PYTHON…`, with one interpreter for each version. The modules are those of the table.
"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

TABLE = Path(__file__).parents[1] / "src/adaptable_preflight/knowledge/standard_names.txt"
LOOK = r"""
import importlib, pkgutil, sys, warnings
warnings.simplefilter("ignore")
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    names = set(dir(module)) | set(getattr(module, "__all__", ()))
    names |= {one.name for one in pkgutil.iter_modules(getattr(module, "__path__", ()))}
    print(name, *sorted(one for one in names if not one.startswith("_")))
"""


def main() -> None:
    """Look into each interpreter and write the names that any of them has."""
    head = [line for line in TABLE.read_text().splitlines() if line.startswith("#")]
    found = {line.partition(":")[0]: set[str]() for line in TABLE.read_text().splitlines() if line[:1] != "#"}
    for python in sys.argv[1:]:
        told = subprocess.run([python, "-c", LOOK, *found], capture_output=True, text=True, check=True).stdout
        for module, *names in map(str.split, told.splitlines()):
            found[module].update(names)
    head[-1] = f"# Checked: {datetime.now(UTC):%Y-%m-%d}"
    rows = (f"{module}: {' '.join(sorted(names))}" for module, names in sorted(found.items()))
    TABLE.write_text("\n".join([*head, *rows]) + "\n")


main()
