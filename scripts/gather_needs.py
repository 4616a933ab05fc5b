"""Add to `knowledge/brings.txt`, by hand: `gather_needs.py FOLDER...`.

Each folder holds locks (`poetry.lock`, `uv.lock`, `pdm.lock`) of public repositories, or a `site-packages`; a `.json`
is a report of `pip install --dry-run --no-deps --report`. What a package needs is the union over all of them and what
the table holds, so that a row errs towards «it is brought along». Development tools are left out: no web app declares
them.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.knowledge.tables import needs_of_some, rows
from adaptable_preflight.read.manifests import Site, locks
from adaptable_preflight.read.manifests.pep508 import Parsed, normalised, parse

HEAD = """\
# What distributions install besides themselves; `name[extra]` is what the extra adds.
# Source: the dependency graphs in the locks of public repositories ({locks} at the last time) and the metadata of
# installed packages, gathered by scripts/gather_needs.py; the union over all versions seen. Checked: 2026-11-22.
"""


BY_HAND = {
    "typing": "",
    "psycopg2": "",
    "brotlicffi": "cffi",
    "urlobject": "",
    "flask-principal": "blinker flask",
    "libpass": "",
    "webassets": "",
    "apispec": "packaging",
    "swagger-spec-validator": "importlib-resources jsonschema pyyaml six typing-extensions",
    "webargs": "marshmallow packaging",
    "backports-entry-points-selectable": "importlib-metadata typing",
    "taskgroup": "exceptiongroup typing-extensions",
    "aenum": "",
    "dataclasses": "",
    "python-jwt": "jwcrypto",
    "jwcrypto": "cryptography deprecated typing-extensions",
    "aiohttp-retry": "aiohttp",
    "backports-functools-lru-cache": "",
    "httpx2-jsfetch": "",
    "watchgod": "anyio",
    "pathlib2": "six typing",
    "backports-cached-property": "",
}
"""What others need and no lock at hand holds: from each package's own metadata on PyPI."""

OTHER = re.compile(
    r"""python(?:_full)?_version\s*(?:<=?|==)\s*['"](?:2|3\.[0-5]\b|3['"])"""
    r"""|^\(*(?:platform_system|sys_platform|os_name)\s*==\s*['"](?:[Ww]in|[Dd]arwin|nt)[^'"]*['"]\)*$"""
)
"""Markers of what is only needed on a Python that nobody offers any more, or on another system than Linux."""
EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)""")


def of_lock(path: Path, needs: dict[str, set[str]]) -> bool:
    """Add the edges of one lock."""
    lock = locks.read(path.name, Site(Checkout(str(path.parent)), ""))
    if not isinstance(lock, locks.Lock):
        return False
    for package in lock.packages:
        if package.root or package.url:
            continue
        needs[package.name] |= set()
        for need in package.needs:
            if need.of_extra.startswith(("group:", "?")):
                continue
            key = f"{package.name}[{need.of_extra}]" if need.of_extra else package.name
            needs[key] |= {need.name, *(f"{need.name}[{extra}]" for extra in need.extras)}
    return True


def of_metadata(path: Path, needs: dict[str, set[str]]) -> None:
    """Add what one installed package's METADATA says."""
    lines = path.read_text(errors="replace").split("\n\n")[0].splitlines()
    name = next((line[6:] for line in lines if line.startswith("Name: ")), "")
    of_texts(name, [line[15:].strip() for line in lines if line.startswith("Requires-Dist: ")], needs)


def of_report(path: Path, needs: dict[str, set[str]]) -> None:
    """Add what the packages of a report (`pip install --dry-run --no-deps --report`) ask for."""
    for item in json.loads(path.read_text())["install"]:
        of_texts(item["metadata"]["name"], item["metadata"].get("requires_dist", []), needs)


def of_texts(name: str, texts: list[str], needs: dict[str, set[str]]) -> None:
    """Add the requirements of one package."""
    if not name:
        return
    needs[normalised(name)] |= set()
    for text in texts:
        parsed = parse(text)
        if isinstance(parsed, Parsed) and not OTHER.search(parsed.marker):
            extra = EXTRA.search(parsed.marker)
            key = f"{normalised(name)}[{normalised(extra[1])}]" if extra else normalised(name)
            needs[key] |= {parsed.name, *(f"{parsed.name}[{e}]" for e in parsed.extras)}


def main() -> None:
    """Gather and write."""
    needs: dict[str, set[str]] = defaultdict(set)
    for key, value in rows("brings.txt"):
        needs[key] |= set(value.split())
    count = 0
    for folder in map(Path, sys.argv[1:]):
        for name in ("poetry.lock", "uv.lock", "pdm.lock"):
            count += sum(of_lock(path, needs) for path in sorted(folder.rglob(name)))
        for path in folder.glob("*.dist-info/METADATA"):
            if not (path.parent / "direct_url.json").exists():  # what a folder held need not be what the index has
                of_metadata(path, needs)
        if folder.suffix == ".json":
            of_report(folder, needs)
    for name, value in BY_HAND.items():
        needs[name] |= set(value.split())
    for row in needs_of_some():
        needs[row.package] -= set(row.needs)
    target = Path(__file__).parents[1] / "src/adaptable_preflight/knowledge/brings.txt"
    lines = [f"{key}: {' '.join(sorted(value))}".rstrip() for key, value in sorted(needs.items()) if "?" not in key]
    target.write_text(HEAD.format(locks=count) + "\n".join(lines) + "\n")
    print(f"{count} locks, {len(lines)} rows, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
