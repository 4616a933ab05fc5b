"""The action as a runner would run it: the image is really built, and its log is read by an independent reader.

The container testbed is looked for in `PREFLIGHT_TESTBED`, by default beside this repository. As root on a machine with
apt it installs what it needs. Where no container can be run this is said loudly, and the action runs without one.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Repository = Callable[[Mapping[str, str | bytes]], Path]
ROOT = Path(__file__).parents[2]
TESTBED = Path(os.environ.get("PREFLIGHT_TESTBED", ROOT.parent / "shared" / "testbed"))
IMAGE = "localhost/adaptable-preflight:test"
CANARY = "CANARY"

pytestmark = pytest.mark.skipif(
    not (TESTBED / "run-action").is_file(),
    reason=f"THE IMAGE IS NOT TRIED: there is no container testbed at {TESTBED} (set PREFLIGHT_TESTBED)",
)


class Built(NamedTuple):
    """The image, or why there is none."""

    figures: dict[str, Any]
    why_not: str = ""


@cache
def image() -> Built:
    """Build the image once."""
    problem = _made_ready()
    if not problem:
        built = _run([str(TESTBED / "image-build"), "--compressed", "--tag", IMAGE, str(ROOT)])
        if built.returncode == 0:
            return Built(json.loads(built.stdout.splitlines()[-1]))
        problem = built.stderr[-2000:]
    return Built({}, problem)


@pytest.fixture(autouse=True)
def loudly(capfd: pytest.CaptureFixture[str]) -> None:
    """Say it past everything that captures output where there is no image."""
    problem = image().why_not
    if problem:
        with capfd.disabled():
            sys.stderr.write(f"\nTHE IMAGE WAS NOT BUILT, the action runs without a container: {problem.strip()}\n")


def _made_ready() -> str:
    """Install what the testbed needs; return what stands in the way."""
    if os.geteuid() != 0:
        return "building needs root"
    tools = [name for name in ("buildah", "podman", "runc", "mmdebstrap") if shutil.which(name) is None]
    if not tools and Path("/usr/lib/podman/netavark").exists():
        return ""
    if shutil.which("apt-get") is None:
        return f"{', '.join(tools)} are not installed and there is no apt"
    _run(["apt-get", "update", "--quiet"])
    done = _run([str(TESTBED / "image-build"), "--setup"])
    if done.returncode == 0:
        done = _run(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "netavark"])
    return done.stderr[-2000:] if done.returncode else ""


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


@pytest.fixture
def step() -> Callable[..., dict[str, Any]]:
    """Return a function that runs the action on a workspace and tells what a runner would make of it."""

    def run(workspace: Path, *options: str, **inputs: str) -> dict[str, Any]:
        command = [sys.executable, str(TESTBED / "run-action"), "--action", str(ROOT), "--workspace", str(workspace)]
        for name, value in inputs.items():
            command += ["--input", f"{name.replace('_', '-')}={value}"]
        command += ["--canary", CANARY, *options]
        if image().why_not:
            command += ["--mode", "native", "--", "/usr/bin/env", f"PYTHONPATH={ROOT / 'src'}"]
            command += [sys.executable, "-m", "adaptable_preflight.action"]
        else:
            command += ["--image", IMAGE, "--read-only"]
        done = _run(command)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run


def test_the_image_is_small() -> None:
    figures = image().figures
    if figures:
        added = figures["bytes"] - figures["base_bytes"]
        assert figures["compressed_bytes"] < 60_000_000
        assert added < 25_000_000


def test_the_repaired_example_passes(step: Callable[..., dict[str, Any]]) -> None:
    done = step(ROOT / "examples" / "repaired")
    assert (done["exit_code"], done["conclusion"]) == (0, "success"), done["log"]
    assert (done["outputs"]["verdict"], done["outputs"]["errors"]) == ("pass", "0")
    assert done["commands"]["problems"] == []
    assert done["summary"].startswith("## ✅ Pre-flight for Adaptable")


def test_the_failing_example_fails_on_its_lines_and_leaves_no_trace(step: Callable[..., dict[str, Any]]) -> None:
    done = step(ROOT / "examples" / "failing")
    assert (done["exit_code"], done["outputs"]["verdict"]) == (1, "fail"), done["log"]
    errors = [note for note in done["commands"]["annotations"] if note["level"] == "error"]
    assert all(note["file"] in ("Procfile", "app.py") and note["shown"] for note in errors)
    assert len(errors) == int(done["outputs"]["errors"]) > 0
    assert done["commands"]["problems"] == []
    assert done["workspace"] == {"added": [], "removed": [], "changed": [], "owned_by_root": []}


def test_reports_are_written_where_they_are_asked_for(step: Callable[..., dict[str, Any]]) -> None:
    done = step(ROOT / "examples" / "failing", sarif_file="out/preflight.sarif", fail_on="never")
    assert done["exit_code"] == 0
    assert done["outputs"]["sarif-file"] == "out/preflight.sarif"
    assert done["workspace"]["added"] == ["out/preflight.sarif"]


HOSTILE = (
    f"::error::{CANARY}",
    f"##[error]{CANARY}",
    f"::stop-commands::{CANARY}{CANARY}",
    f"::set-env name=A::{CANARY}",
    f"\r::error::{CANARY}",
    f"\u2003::add-mask::{CANARY}",
    f"\u2028::error::{CANARY}",
    f"#\u200b#[error]{CANARY}",
    f"%0A::error::{CANARY}",
)


def hostile(text: str, number: int) -> dict[str, str]:
    """Return files in which the text stands wherever a repository can hold text."""
    name, quoted = text.replace("/", "_"), json.dumps(text)
    return {
        f"{name}.py": f"x = {quoted}\n",
        f"{name}/Procfile": f"web: {text}\n",
        f"part{number}.py": f"# {text}\nimport sqlite3\nsqlite3.connect({quoted})\nopen({quoted}, 'w')\n",
        f"requirements{number}.txt": f"{text}\n-r {text}\n",
    }


def test_no_text_of_the_checkout_becomes_a_command(step: Callable[..., dict[str, Any]], repository: Repository) -> None:
    files = {path: text for number, each in enumerate(HOSTILE) for path, text in hostile(each, number).items()}
    imports = "".join(f"import part{number}\n" for number, _ in enumerate(HOSTILE))
    lines = "\n".join(HOSTILE)
    quoted = json.dumps(lines)
    folder = repository(
        {
            **files,
            "Procfile": f"web: gunicorn app:app\n{lines}: {lines}\n",
            "app.py": f"{imports}from flask import Flask\napp = Flask({quoted})\napp.config[{quoted}] = {quoted}\n",
            "requirements.txt": "flask\n" + "".join(f"-r requirements{n}.txt\n" for n, _ in enumerate(HOSTILE)) + lines,
            "pyproject.toml": f"[{quoted}]\n{quoted} = {quoted}\n",
            "environment.yml": f"? {quoted}\n: [{quoted}]\n",
            "Dockerfile": f"FROM python\n# {lines}\nCMD [{quoted}]\n",
            "json.py": "open('EXECUTED', 'w')\n",
        }
    )
    options = [{}, *({name: text} for name in ("start_command", "platform", "path") for text in HOSTILE[:3])]
    for inputs in options:
        done = step(folder, **inputs)
        assert done["commands"]["problems"] == [], inputs
        assert done["exit_code"] in (0, 1, 2)
        assert not done["commands"]["fails_step"]
        assert done["workspace"]["added"] == []
        assert done["commands"]["annotations"], inputs


def test_start_to_end_takes_no_network(step: Callable[..., dict[str, Any]]) -> None:
    done = step(ROOT / "examples" / "repaired", "--network", "none")
    assert done["exit_code"] == 0


def test_nothing_to_check_passes_with_a_notice(step: Callable[..., dict[str, Any]], repository: Repository) -> None:
    done = step(repository({"README.md": "hello\n"}))
    assert done["exit_code"] == 0
    assert [note["level"] for note in done["commands"]["annotations"]] == ["notice"]
