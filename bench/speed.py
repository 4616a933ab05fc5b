"""Times a whole check against `ruff check` and `bandit -r` on the same trees, in turn, in the same run.

    python bench/speed.py [--runs N] [--no-bandit] [TREE ...]

Without TREE it makes three: 20, 1,000 and 10,000 Python files, taken from the Python that runs it and from what is
installed there, with a Flask app on top that imports some of them. Printed per tree: the median wall time of each tool,
the median of the ratios round by round, and the largest resident size of the check. Quote ratios; single times depend
on the machine.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

SIZES = {"small": 20, "medium": 1_000, "big": 10_000}
APP = "from flask import Flask\n{imports}\napp = Flask(__name__)\n\n\n@app.get('/')\ndef index():\n    return 'hello'\n"


def make(folder: Path, count: int) -> Path:
    """Lay out a repository of so many Python files."""
    sources = sorted(
        path
        for key in ("stdlib", "purelib")
        for path in Path(sysconfig.get_path(key)).rglob("*.py")
        if path.stat().st_size < 500_000 and "lib2to3" not in path.parts
    )
    step = max(len(sources) // count, 1)
    for number in range(count - 1):
        source = sources[number * step % len(sources)]
        target = folder / "package" / f"part{number // 50}" / f"module{number}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    imports = "\n".join(
        f"try:\n    import package.part{n // 50}.module{n}\nexcept Exception:\n    pass"
        for n in range(0, min(count - 1, 1_000), 7)
    )
    (folder / "app.py").write_text(APP.format(imports=imports))
    (folder / "Procfile").write_text("web: gunicorn --threads 4 app:app\n")
    (folder / "requirements.txt").write_text("flask\ngunicorn\n")
    return folder


def run(command: list[str]) -> tuple[float, int]:
    """Run a command and return wall seconds and peak resident kilobytes."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begin, usage.ru_maxrss


def compare(name: str, tree: Path, runs: int, with_bandit: bool) -> None:
    """Time the tools on one tree and print a line for each."""
    scripts = Path(sysconfig.get_path("scripts"))
    check = [sys.executable, "-I", "-m", "adaptable_preflight", "check", str(tree)]
    ruff = [str(scripts / "ruff"), "check", "--no-cache", "--isolated", "--select", "S,F", str(tree)]
    tried = subprocess.run(check, capture_output=True, check=False)
    if tried.returncode not in (0, 1) or not tried.stdout:
        sys.exit(f"the check of {tree} does not come to an end: {tried.stderr.decode(errors='replace')[-200:]}")
    run(ruff)
    rounds = [(run(check), run(ruff)) for _ in range(runs)]
    ours = statistics.median(one[0][0] for one in rounds)
    theirs = statistics.median(one[1][0] for one in rounds)
    ratio = statistics.median(one[0][0] / one[1][0] for one in rounds)
    peak = max(one[0][1] for one in rounds) / 1024
    files = sum(1 for _ in tree.rglob("*.py"))
    print(f"{name}: {files} files, check {ours:.3f} s ({peak:.0f} MiB), ruff {theirs:.3f} s, ratio {ratio:.2f}")
    if with_bandit:
        bandit, _ = run([str(scripts / "bandit"), "-q", "-r", str(tree)])
        print(f"  bandit {bandit:.1f} s, {bandit / ours:.0f} times the check")


def main() -> None:
    """Read the options and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--no-bandit", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trees = {str(tree): tree for tree in options.trees}
        for name, count in SIZES.items() if not trees else ():
            trees[name] = make(Path(folder) / name, count)
        for name, tree in trees.items():
            compare(name, tree, options.runs, not options.no_bandit)


if __name__ == "__main__":
    main()
