"""Imports go one way: what each part may use, and no circle."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "adaptable_preflight"

EVERYWHERE = {"late_pattern"}
VALUES = {"source", "value", "settings", "platforms", "model", "finding", "checkout"}
ALLOWED = {
    "source": set(),
    "value": {"source"},
    "settings": {"source"},
    "platforms": set(),
    "model": {"platforms", "settings", "source", "value"},
    "finding": {"model", "source"},
    "checkout": {"model", "settings", "source"},
    "fix": {"finding", "source"},
    "knowledge": VALUES,
    "read": {*VALUES, "knowledge", "read"},
    "facts": {*VALUES, "knowledge", "facts", "listening"},
    "rules": {*VALUES, "knowledge", "facts", "rules", "listening", "notation", "offer", "remedy"},
    "report": {*VALUES, "report", "rules", "triage", "clauses", "preflight", "fix", "allows"},
}


def imported(path: Path) -> set[str]:
    """Return the parts of the project that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: a relative import"
            names = [node.module]
            if node.module == "adaptable_preflight":
                names = [f"adaptable_preflight.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("adaptable_preflight.")}
    return found - {"__version__"}


def files(part: str) -> list[Path]:
    single = SOURCE / f"{part}.py"
    return [single] if single.exists() else sorted((SOURCE / part).rglob("*.py"))


@pytest.mark.parametrize("part", sorted(ALLOWED))
def test_a_part_uses_only_what_comes_before_it(part: str) -> None:
    assert files(part)
    wrong = {
        str(path.relative_to(SOURCE)): imported(path) - ALLOWED[part] - EVERYWHERE - {part} for path in files(part)
    }
    assert {path: names for path, names in wrong.items() if names} == {}


def test_only_the_action_uses_the_toolkit() -> None:
    users = {path.name for path in SOURCE.rglob("*.py") if "actions_toolkit" in path.read_text()}
    assert users == {"action.py"}


def test_nothing_of_the_checkout_is_run_and_nothing_is_fetched() -> None:
    forbidden = {"subprocess", "socket", "urllib.request", "http.client", "ctypes", "multiprocessing"}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not forbidden & set(names), path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec"), path
