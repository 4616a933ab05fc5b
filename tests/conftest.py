"""Small repositories made of a dictionary, and what the tool says of them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from adaptable_preflight import platforms
from adaptable_preflight.assemble import assemble
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment, Environment, Origin, Process
from adaptable_preflight.preflight import Preflight, check
from adaptable_preflight.rules import RULES
from adaptable_preflight.settings import Settings
from adaptable_preflight.source import Span
from adaptable_preflight.triage import judge
from adaptable_preflight.value import Known

Files = Mapping[str, str | bytes]


def lay_out(folder: Path, files: Files) -> Path:
    """Write files below a folder; text that starts with `#!` becomes executable."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if content[:2] in ("#!", b"#!"):
            path.chmod(0o755)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Callable[[Files], Path]:
    """Return a function that makes a repository out of `{path: content}`."""
    return lambda files: lay_out(tmp_path, files)


@pytest.fixture
def deployment(tmp_path: Path) -> Callable[..., Deployment]:
    """Return a function from files, settings and an environment to the deployment."""

    def make(files: Files, command: str = "", env: Mapping[str, str] | None = None, **settings: Any) -> Deployment:
        chosen = Settings(start_command=command, **settings)
        closed = None if env is None else Environment({k: Known(v) for k, v in env.items()}, closed=True)
        checkout = Checkout(str(lay_out(tmp_path, files)))
        return assemble(checkout, chosen, platforms.load(chosen.platform), closed)

    return make


@pytest.fixture
def findings(deployment: Callable[..., Deployment]) -> Callable[..., tuple[Finding, ...]]:
    """Return a function from files and settings to the findings of one rule (`rule=`), or of all."""

    def make(files: Files, command: str = "", rule: str = "", **settings: Any) -> tuple[Finding, ...]:
        return tuple(f for f in check(deployment(files, command, **settings)) if rule in ("", f.rule))

    return make


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Preflight]:
    """Return a function from files and findings to a run that holds just these, with a web process that is unknown."""
    web = Process("web", Origin("procfile", Span("Procfile", 1, 6, 1, 7)), "x", shell=True)

    def make(files: Files, *findings: Finding, **parts: Any) -> Preflight:
        settings = Settings(**parts.pop("settings", {}))
        checkout = Checkout(str(lay_out(tmp_path, files)))
        deployment = Deployment(platforms.load("adaptable"), settings, **{"processes": (web,), **parts})
        return Preflight(checkout, deployment, judge(findings, deployment, checkout, RULES))

    return make
