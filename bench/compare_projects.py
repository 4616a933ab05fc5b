"""Compare our reading of projects and locks with their tools', by hand: `compare_projects.py FOLDER BIN`.

FOLDER holds one folder per repository; BIN is the folder of a virtual environment with poetry (and its export
plug-in), uv, pdm and pipenv. The tools only read: `poetry-core` for declared groups, `… export` for locks.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Manifest
from adaptable_preflight.read.manifests import Reading, Site, pipfile, pyproject, tools
from adaptable_preflight.read.manifests.markers import holds
from adaptable_preflight.read.manifests.pep508 import Parsed, parse

ASK_POETRY = r"""
import json, sys
from pathlib import Path
from poetry.core.factory import Factory
poetry = Factory().create_poetry(Path(sys.argv[1]), with_groups=True)
out = []
for name in poetry.package.dependency_group_names(include_optional=True):
    for d in poetry.package.dependency_group(name).dependencies_for_locking:
        out.append([name, d.name, sorted(d.extras), str(d.constraint), str(d.marker)])
print(json.dumps(out))
"""
EXPORTS = {
    "poetry.lock": ("poetry", "export", "--without-hashes", "--without-urls"),
    "uv.lock": (
        "uv",
        "export",
        "--frozen",
        "--no-dev",
        "--no-hashes",
        "--no-header",
        "--no-annotate",
        "--offline",
        "--no-emit-local",
    ),
    "pdm.lock": ("pdm", "export", "--prod", "--without-hashes"),
    "Pipfile.lock": ("pipenv", "requirements"),
}


def exported(text: str, python: str) -> set[str]:
    """Return `name==version` of each line of an export that holds on Linux."""
    found = set()
    for line in text.splitlines():
        bare = line.split(" #")[0].strip()
        bare = bare.split(" --hash")[0]
        if not bare or bare.startswith(("-", "#", ".", "Using", "Loading")):
            continue
        parsed = parse(bare)
        if isinstance(parsed, Parsed) and holds(parsed.marker, python) is not False:
            found.add(f"{parsed.name}{'' if parsed.url else parsed.specifier}")
    return found


def locked(manifest: Manifest) -> set[str]:
    """Return the same of our reading."""
    return {f"{r.name}{'' if r.url else r.specifier}" for r in manifest.requirements if r.locked and r.installed}


def ours(lock: str, root: Path, python: str) -> Reading:
    """Return our reading of a project with its lock."""
    site = Site(Checkout(str(root)), python)
    if lock == "Pipfile.lock":
        return pipfile.read("Pipfile", site)
    return (
        tools.uv_project("pyproject.toml", site)
        if lock == "uv.lock"
        else tools.poetry_project("pyproject.toml", site, lock)
    )


def compare_lock(path: Path, bin_folder: str) -> str:
    """Return `same`, `skipped: why` or the difference."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "p"
        shutil.copytree(path.parent, root, symlinks=True)
        program, *arguments = EXPORTS[path.name]
        run = subprocess.run(
            [f"{bin_folder}/{program}", *arguments], cwd=root, capture_output=True, text=True, check=False
        )
        if run.returncode:
            return f"skipped: {(run.stderr or run.stdout).strip().splitlines()[-1:]}"
        version = "3.11"
        for version in (
            "3.11",
            "3.12",
            "3.13",
            "3.14",
            "3.10",
            "3.9",
            "3.8",
        ):  # an export repeats the project's bounds as markers
            if theirs := exported(run.stdout, version):
                break
        mine = set(locked(ours(path.name, root, version).manifest))
        if theirs == mine:
            return "same"
        return (
            f"DIFFERENT {path}\n  only {program}: {sorted(theirs - mine)[:8]}\n  only ours: {sorted(mine - theirs)[:8]}"
        )


def compare_groups(path: Path, bin_folder: str) -> str:
    """Compare the declared groups of a Poetry project with those that `poetry-core` sees."""
    run = subprocess.run(
        [f"{bin_folder}/python", "-c", ASK_POETRY, str(path)], capture_output=True, text=True, check=False
    )
    if run.returncode:
        return f"skipped: {run.stderr.strip().splitlines()[-1:]}"
    from packaging.specifiers import SpecifierSet

    theirs = {(g, n, tuple(e)) for g, n, e, _, _ in json.loads(run.stdout)}
    reading = pyproject.read("pyproject.toml", Site(Checkout(str(path.parent)), "3.11"))
    for r in reading.manifest.requirements:
        SpecifierSet(r.specifier)
    optional = {r.group for r in reading.manifest.requirements}
    mine = {(r.group or "main", r.name, r.extras) for r in reading.manifest.requirements}
    mine = {(g if g in {t[0] for t in theirs} else "main", n, e) for g, n, e in mine}
    if theirs == mine:
        return "same"
    return f"DIFFERENT {path} {optional}\n  only poetry: {sorted(theirs - mine)[:8]}\n  only ours: {sorted(mine - theirs)[:8]}"


def main() -> None:
    """Compare everything below the folder and count."""
    folder, bin_folder = Path(sys.argv[1]), sys.argv[2]
    for name in (*EXPORTS, "pyproject.toml"):
        results = []
        for path in sorted(folder.rglob(name)):
            if name == "pyproject.toml":
                if re.search(r"^\[tool\.poetry", path.read_text(errors="replace"), re.MULTILINE):
                    results.append(compare_groups(path, bin_folder))
            else:
                results.append(compare_lock(path, bin_folder))
        for result in results:
            if result != "same":
                print(result[:600])
        counts = [sum(r.startswith(word) for r in results) for word in ("same", "skipped", "DIFFERENT")]
        print(f"{name}: {counts[0]} the same, {counts[1]} skipped, {counts[2]} differ")


if __name__ == "__main__":
    main()
