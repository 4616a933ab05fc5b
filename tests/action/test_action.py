"""The action's entry point as a process, with the variables and files that a runner hands over."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

Repository = Callable[[Mapping[str, str | bytes]], Path]
ROOT = Path(__file__).parents[2]

FAILING = {
    "web/Procfile": "web: gunicorn app:app\n",
    "web/app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "web/requirements.txt": "flask\n",
}


class Step(NamedTuple):
    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@pytest.fixture
def step(tmp_path: Path, repository: Repository) -> Callable[..., Step]:
    def run(
        files: Mapping[str, str | bytes], variables: Mapping[str, str] = MappingProxyType({}), **inputs: str
    ) -> Step:
        workspace = repository({f"workspace/{name}": content for name, content in files.items()}) / "workspace"
        workspace.mkdir(exist_ok=True)
        written = {name: tmp_path / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in written.values():
            path.write_text("")
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "src"),
            "GITHUB_WORKSPACE": str(workspace),
            **{name: str(path) for name, path in written.items()},
            **variables,
            **{f"INPUT_{name.upper().replace('_', '-')}": value for name, value in inputs.items()},
        }
        done = subprocess.run(
            [sys.executable, "-m", "adaptable_preflight.action"], cwd=workspace, env=environment, capture_output=True
        )
        assert done.stderr == b""
        outputs = re.findall(r"^([\w-]+)<<(\S+)\n(.*?)\n\2$", written["GITHUB_OUTPUT"].read_text(), re.M | re.S)
        summary = written["GITHUB_STEP_SUMMARY"].read_text()
        return Step(done.returncode, done.stdout.decode(), {name: value for name, _, value in outputs}, summary)

    return run


def test_findings_become_annotations_outputs_a_summary_and_files(step: Callable[..., Step], tmp_path: Path) -> None:
    done = step(FAILING, path="web", sarif_file="out/p.sarif", json_file="p.json", fail_on="error")
    assert done.code == 1
    assert "::error title=missing-server%3A " in done.log
    assert ",file=web/Procfile,line=1," in done.log
    assert (done.outputs["verdict"], done.outputs["errors"]) == ("fail", "1")
    assert (done.outputs["sarif-file"], done.outputs["json-file"]) == ("out/p.sarif", "p.json")
    assert "## ❌ Pre-flight" in done.summary
    sarif = json.loads((tmp_path / "workspace/out/p.sarif").read_text())
    location = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "web/Procfile"
    assert json.loads((tmp_path / "workspace/p.json").read_text())["verdict"] == "fail"


def test_the_report_stands_between_stop_commands(step: Callable[..., Step]) -> None:
    log = step(FAILING, path="web").log
    (token,) = re.findall(r"^::stop-commands::([0-9a-f]{32})$", log, re.M)
    inside = log.split(f"::stop-commands::{token}\n")[1].split(f"\n::{token}::\n")[0]
    assert "Pre-flight checklist for Adaptable" in inside
    assert "::error" not in inside


def test_debug_logging_shows_the_facts(step: Callable[..., Step]) -> None:
    assert '"schema_version": 1' not in step(FAILING, path="web").log
    assert '"schema_version": 1' in step(FAILING, {"RUNNER_DEBUG": "1"}, path="web").log


def test_inputs_with_a_hyphen_count(step: Callable[..., Step]) -> None:
    done = step(FAILING, path="web", start_command="gunicorn --bind=127.0.0.1:9 app:app", fail_on="never")
    assert done.code == 0
    assert "gunicorn --bind=127.0.0.1:9 app:app" in done.log
    assert done.outputs["verdict"] == "pass"


def test_nothing_to_check_is_a_success_with_a_notice(step: Callable[..., Step]) -> None:
    done = step({"README.md": "text"})
    assert done.code == 0
    assert done.log.startswith("::notice title=adaptable-preflight::nothing to check")
    assert "actions/checkout" not in done.log


def test_an_empty_workspace_asks_for_the_checkout(step: Callable[..., Step]) -> None:
    assert "is the step actions/checkout missing?" in step({}).log


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"platform": "adaptible"}, "no platform is called «adaptible»"),
        ({"port": "eighty"}, "the input «port»%3A port must be a number"),
        ({"path": "nowhere"}, "/nowhere» does not exist"),
        ({"json_file": "../out.json"}, "outside of the workspace"),
    ],
)
def test_a_mistake_fails_the_step_with_2(step: Callable[..., Step], inputs: dict[str, str], says: str) -> None:
    done = step(FAILING, **inputs)
    assert done.code == 2
    assert says.replace("%3A", ":") in done.log
    assert done.log.startswith("::error title=adaptable-preflight")
    assert "verdict" not in done.outputs


def test_a_mistake_in_a_comment_is_annotated_where_it_stands(step: Callable[..., Step]) -> None:
    comment = {"web/app.py": "# preflight: allow[no-such-rule] why\nfrom flask import Flask\napp = Flask(__name__)\n"}
    done = step({**FAILING, **comment}, path="web")
    assert done.code == 2
    assert "::error title=adaptable-preflight,file=web/app.py,line=1,endLine=1," in done.log


def test_a_link_in_the_checkout_is_replaced_and_not_followed(
    step: Callable[..., Step], repository: Repository, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    workspace = repository({f"workspace/{name}": content for name, content in FAILING.items()}) / "workspace"
    (workspace / "p.json").symlink_to(victim)
    (workspace / "out").symlink_to(tmp_path)
    assert step({}, path="web", json_file="p.json").code == 1
    assert victim.read_text() == "untouched"
    assert json.loads((workspace / "p.json").read_text())["schema_version"] == 1
    assert step({}, path="web", json_file="out/victim").code == 2
    assert victim.read_text() == "untouched"


@pytest.mark.parametrize("module", ["adaptable_preflight.action", "adaptable_preflight"])
def test_no_module_of_the_checkout_is_ever_imported(repository: Repository, module: str) -> None:
    names = (
        "json",
        "re",
        "tomllib",
        "yaml",
        "ast",
        "difflib",
        "traceback",
        "typing",
        "actions_toolkit/__init__",
        "requests",
    )
    hostile = {f"{name}.py": "open('EXECUTED', 'w')\n" for name in names}
    folder = repository(
        {**hostile, "Procfile": "web: gunicorn re:app\n", "x.yml": "a: 1\n", "pyproject.toml": "[tool.x]\n"}
    )
    arguments = ["check", ".", "--format", "sarif"] if module == "adaptable_preflight" else []
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=folder, env=environment, capture_output=True)
    assert not (folder / "EXECUTED").exists()
