"""Compare our reading of requirements files with pip's own, by hand: `compare_requirements.py FOLDER PYTHON`.

FOLDER holds one folder per repository; PYTHON is an interpreter whose pip is asked. Prints every difference.
"""

import json
import subprocess
import sys
from pathlib import Path

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.read.manifests import Site
from adaptable_preflight.read.manifests.requirements import read

ASK_PIP = r"""
import json, os, sys
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
session = PipSession(retries=0)
for line in sys.stdin:
    root, path = json.loads(line)
    os.chdir(root)
    try:
        found = []
        for parsed in parse_requirements(path, session=session):
            one = install_req_from_parsed_requirement(parsed)
            name = one.req.name if one.req else ""
            specifier = sorted(str(s) for s in one.req.specifier) if one.req else []
            extras = sorted(e.lower().replace("_", "-").replace(".", "-") for e in one.extras)
            marker = one.match_markers(("",))
            found.append([name, specifier, extras, bool(marker), bool(parsed.constraint)])
        answer = {"found": found}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(answer), flush=True)
"""


def ours(root: Path, path: str) -> dict[str, object]:
    """Return our reading in the words that pip was asked for."""
    from packaging.specifiers import SpecifierSet

    reading = read(path, Site(Checkout(str(root)), "3.11"))
    manifest = reading.manifest
    found = []
    for constraint, items in ((False, manifest.requirements), (True, manifest.constraints)):
        for r in items:
            specifier = sorted(str(s) for s in SpecifierSet(r.specifier))
            found.append([r.name, specifier, list(r.extras), r.installed, constraint])
    answer: dict[str, object] = {"found": found, "opaque": [g.why for g in manifest.opaque]}
    if reading.unreadable:
        answer["error"] = f"{reading.unreadable[0].span}: {reading.unreadable[0].why}"
    return answer


def normal(items: list[list[object]]) -> list[str]:
    """Return requirements in a form that can be compared."""
    text = (json.dumps([str(n).lower().replace("_", "-").replace(".", "-"), *rest]) for n, *rest in items)
    return sorted(set(text))


def main() -> None:
    """Ask both for each file and print where they differ."""
    folder, python = Path(sys.argv[1]), sys.argv[2]
    jobs = []
    for root in sorted(folder.iterdir()):
        for file in sorted(root.rglob("*")):
            if file.is_file() and file.suffix in (".txt", ".in"):
                jobs.append((root.resolve(), str(file.relative_to(root))))
    asked = "\n".join(json.dumps([str(root), path]) for root, path in jobs)
    run = subprocess.run([python, "-c", ASK_PIP], input=asked, capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    same = differ = both_fail = skipped = 0
    for (root, path), theirs in zip(jobs, answers, strict=True):
        mine = ours(root, path)
        if "error" in theirs and "error" in mine:
            both_fail += 1
        elif mine["opaque"] and "found" not in theirs:
            skipped += 1
        elif "error" in theirs or "error" in mine:
            differ += 1
            print(
                f"ERROR {root.name} {path}\n  pip:  {theirs.get('error', 'takes it')}\n  ours: {mine.get('error', 'takes it')}"
            )
        elif normal([f for f in theirs["found"] if f[0]]) != normal([f for f in mine["found"] if f[0]]):  # type: ignore[attr-defined]
            differ += 1
            pip, we = set(normal(theirs["found"])), set(normal(mine["found"]))  # type: ignore[arg-type]
            print(
                f"DIFFERENT {root.name} {path}\n  only pip:  {sorted(pip - we)[:5]}\n  only ours: {sorted(we - pip)[:5]}"
            )
        else:
            same += 1
    print(
        f"{len(jobs)} files: {same} the same, {both_fail} refused by both, {skipped} cannot be compared, {differ} differ"
    )


if __name__ == "__main__":
    main()
