"""Try the rows of `knowledge/removed.txt`, `knowledge/breaks.txt` and `knowledge/needs.txt` for real; run by hand.

Usage: `try_tables.py removed PYTHON [oldest]`, or with [ROW] `try_tables.py breaks`, `needs`, and `data` for
`knowledge/language_data.txt`. Needs the package index. Each row gets what pip installs today; a row that does not fail
as it says is printed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

KNOWLEDGE = Path(__file__).parents[1] / "src/adaptable_preflight/knowledge"
LOOK = r"""
import importlib, re, sys, warnings
warnings.simplefilter("ignore")
def there(name):
    every, called = name.endswith(".*"), name.endswith("()")
    parts = name.removesuffix(".*").removesuffix("()").split(".")
    for cut in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            if every and cut == len(parts):
                return False
            continue
        except Exception as error:
            return False
        for part in parts[cut:]:
            try:
                value = getattr(value, part)
            except Exception:
                return False
        if called:
            try:
                value()
            except Exception as error:
                return not re.search("Removed|Deprecat", type(error).__name__)
        return True
    return False
for name in sys.argv[1:]:
    print("THERE" if there(name) else "gone", name)
"""


def rows(file: str) -> list[tuple[str, list[str]]]:
    """Return the rows of a table: what stands before the first colon and a blank, and the columns behind."""
    lines = (KNOWLEDGE / file).read_text().splitlines()
    cut = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return [(key, [part.strip() for part in rest.split(" | ")]) for key, _, rest in cut]


def environment(folder: Path, python: str, packages: list[str], *options: str) -> tuple[Path, str]:
    """Make a virtual environment with packages in it; return its interpreter and what went wrong.

    `uv` does it where it is on the path, because it is ten times as fast; pip does it elsewhere.
    """
    interpreter = folder / "bin/python"
    uv = shutil.which("uv")
    if uv:
        subprocess.run([uv, "venv", "-q", "-p", python, str(folder)], check=True)
        command = [uv, "pip", "install", "-q", "-p", str(interpreter), *options, *packages]
    else:
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        command = [str(interpreter), "-m", "pip", "install", "-q", "--disable-pip-version-check", *options, *packages]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return interpreter, run.stderr if run.returncode else ""


def try_removed(python: str, oldest: bool) -> None:
    """Install every package and look whether the names are gone: its newest, or the oldest inside the bounds."""
    by_package = defaultdict(list)
    for name, columns in rows("removed.txt"):
        package, bound = re.split(r">=", columns[0].partition(" + ")[0])
        by_package[package, f"{package}=={bound}" if oldest else package].append(name)
    gone = 0
    for (package, wanted), names in sorted(by_package.items()):
        if oldest and package == "python":
            continue
        with tempfile.TemporaryDirectory() as folder:
            interpreter, error = environment(Path(folder), python, ["wheel" if package == "python" else wanted])
            if error:
                print("NOT INSTALLED", wanted, error.strip().splitlines()[-1:], flush=True)
                continue
            run = subprocess.run([str(interpreter), "-c", LOOK, *names], capture_output=True, text=True, check=False)
            gone += run.stdout.count("gone")
            for line in run.stdout.splitlines():
                if line.startswith("THERE"):
                    print(f"{wanted}: {line}", flush=True)
    print(f"{gone} names are gone")


def try_breaks(pythons: dict[str, str], only: str = "") -> None:
    """Install what each row names and run its code."""
    for key, columns in rows("breaks.txt"):
        _, install, version, code, *_ = columns
        if only and only not in key:
            continue
        with tempfile.TemporaryDirectory() as folder:
            interpreter, error = environment(Path(folder), pythons[version], install.split())
            if error:
                print(f"{key}: pip fails: {error.strip().splitlines()[-1][:150]}", flush=True)
                continue
            run = subprocess.run([str(interpreter), "-c", code], capture_output=True, text=True, check=False)
            last = (run.stderr.strip().splitlines() or ["it runs"])[-1]
            print(f"{key}: {'fails: ' if run.returncode else 'PASSES '}{last[:150]}", flush=True)


def try_needs(pythons: dict[str, str], only: str = "") -> None:
    """Install what each row names and run its code, which has to fail; then add what is needed, and it has to pass.

    Rows that start from the same packages share one environment: first all of them fail, then all of them pass.
    """
    alike = defaultdict(list)
    for key, columns in rows("needs.txt"):
        least = re.search(r"python>=(\S+)", columns[1])
        version = max(("3.11", least[1] if least else ""), key=lambda text: int(text.partition(".")[2] or 0))
        if only in key:
            alike[columns[6], version].append((key, columns))
    for (wanted, version), same in alike.items():
        with tempfile.TemporaryDirectory() as folder:
            interpreter, error = environment(Path(folder) / "env", pythons[version], wanted.split())
            print(f"## {wanted} on {version} {error.strip()[-150:] if error else ''}", flush=True)
            for key, columns in same:
                print(f"{key}: {ended(interpreter, columns[7], columns[8])}", flush=True)
            missing = [columns[3].split()[0].rpartition("@")[2] for _, columns in same]
            command = [str(interpreter), "-m", "pip", "install", "-q", "--disable-pip-version-check", *missing]
            subprocess.run(command, capture_output=True, check=False)
            for key, columns in same:
                print(f"  {key}: with {columns[3].split()[0]}: {ended(interpreter, columns[7], '')}", flush=True)


def try_data(pythons: dict[str, str], only: str = "") -> None:
    """Install the library of each row of data alone and run its code, which has to fail."""
    alike = defaultdict(list)
    for key, columns in rows("language_data.txt"):
        if only in key:
            alike[columns[6]].append((key, columns))
    for wanted, same in alike.items():
        with tempfile.TemporaryDirectory() as folder:
            interpreter, error = environment(Path(folder) / "env", pythons["3.11"], wanted.split())
            print(f"## {wanted} {error.strip()[-150:] if error else ''}", flush=True)
            for key, columns in same:
                print(f"{key}: {ended(interpreter, columns[7], columns[8])}", flush=True)


def ended(interpreter: Path, code: str, expected: str) -> str:
    """Run code and say how it ends, and whether that is what is expected."""
    command = [str(interpreter), "-W", "ignore", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=interpreter.parent)
    if run.returncode == 0:
        return "PASSES" if expected else "passes"
    told = re.sub(r"\x1b\[\d*m|'", "", run.stderr)
    last = told.strip().splitlines()[-1][:150]
    named = expected.partition(": ")[2].replace("'", "")[:25]
    return f"fails: {last}" if expected and named in told else f"FAILS OTHERWISE: {last}"


if __name__ == "__main__":
    if sys.argv[1] == "removed":
        try_removed(sys.argv[2] if len(sys.argv) > 2 else sys.executable, oldest="oldest" in sys.argv)
    else:
        paths = Path.home() / ".pyenv/versions"
        found = {".".join(p.name.split(".")[:2]): str(p / "bin/python") for p in paths.iterdir()}
        {"breaks": try_breaks, "needs": try_needs, "data": try_data}[sys.argv[1]](
            found, sys.argv[2] if len(sys.argv) > 2 else ""
        )
