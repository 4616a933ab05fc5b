"""The command as people run it: another process, with its exit code and both of its streams."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from adaptable_preflight.cli import main

Repository = Callable[[Mapping[str, str | bytes]], Path]
SOURCE = Path(__file__).parents[2] / "src"

SOUND = {
    "Procfile": 'web: gunicorn --bind=0.0.0.0:$PORT --threads=4 "myapp:start_app()"\n',
    "myapp.py": "from flask import Flask\n\n\ndef start_app():\n    return Flask(__name__)\n",
    "requirements.txt": "flask\ngunicorn\n",
}


class Done(NamedTuple):
    code: int
    out: str
    err: str


def run(*arguments: str, folder: Path | None = None, **variables: str) -> Done:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PYTHONWARNINGS": "error", **variables}
    command = [sys.executable, "-m", "adaptable_preflight", *arguments]
    done = subprocess.run(command, capture_output=True, cwd=folder, env=environment, timeout=120)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "{}/nowhere"], "does not exist"),
        (["check", "{}/Procfile"], "is not a folder"),
        (["check", "{}", "--platform", "adaptible"], "«adaptable»"),
        (["check", "{}", "--platfrom", "x"], "«--platform»"),
        (["check", "{}", "--port", "0"], "from 1 to 65535"),
        (["check", "{}", "--format", "text", "--format", "json"], "only one report can go to standard output"),
        (["check", "{}", "--output", "-", "--output", "x"], "has no --format"),
        (["check", "{}", "--format", "json", "--output", "{}/no/such/folder.json"], "cannot be written"),
        (["check", "{}", "--allow", "app.py"], "PATH[RULE] REASON"),
        (["check", "{}", "--allow", "app.py[no-such-rule] why"], "there is no rule «no-such-rule»"),
        (["explain", "unused-alow"], "«unused-allow»"),
        (["facts", "{}", "--env", "PORT"], "NAME=VALUE"),
        (["unknown"], "there is no command"),
        ([], "a command is missing"),
    ],
)
def test_a_mistake_in_the_call_exits_with_2_and_names_the_way_out(
    repository: Repository, arguments: list[str], says: str
) -> None:
    folder = repository(SOUND)
    done = run(*(argument.replace("{}", str(folder)) for argument in arguments))
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"pyproject.toml": "[tool.adaptable-preflight]\nprot = 1\n"}, "pyproject.toml:2: there is no setting «prot»"),
        (
            {".adaptable-preflight.yml": "platform: adaptible\n"},
            ".adaptable-preflight.yml:1: no platform is called «adaptible»",
        ),
        ({"app.py": "# preflight: allow[no-such-rule] why\n", "Procfile": "web: python app.py\n"}, "no-such-rule"),
    ],
)
def test_a_mistake_in_the_settings_exits_with_2(repository: Repository, files: Mapping[str, str], says: str) -> None:
    done = run("check", str(repository(files)), "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_too_many_files_are_not_judged_by_a_part_of_them(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository({f"media/{number}.txt": "" for number in range(30)} | {"Procfile": "web: gunicorn app:app\n"})
    monkeypatch.setattr("adaptable_preflight.checkout.MAX_FILES", 20)
    assert main(["check", str(root)]) == 2
    assert "holds more than 20 files" in capsys.readouterr().err
    (root / ".adaptable-preflight.yml").write_text("exclude: [media]\n")
    assert main(["check", str(root)]) != 2


def test_an_empty_repository_exits_with_4_and_prints_its_json(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing here")
    done = run("check", str(tmp_path), "--format", "json")
    answer = json.loads(done.out)
    assert (done.code, answer["verdict"], answer["findings"]) == (4, "pass", [])
    assert "nothing to check" in done.err


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": b"\x00\x01\x02" * 100},
        {"Procfile": b"web: gunicorn app:app \xff\xfe"},
        {**SOUND, "data.csv": b"x," * 25_000_000},
        {**SOUND, "myapp.py": b"#" * 50_000_000},
        {**SOUND, "requirements.txt": b"\xff\xfe\x00\x01garbage\x00"},
        {**SOUND, "myapp.py": "def start_app(:\n"},
        {**SOUND, "pyproject.toml": "[project\n"},
        {**SOUND, "myapp.py": "def start_app():\n    return '\xff'\n".encode("latin-1")},
        {**SOUND, "myapp.py": "(" * 5000},
        {**SOUND, "myapp.py": "x = " + "-" * 100_000 + "1"},
        {**SOUND, "Procfile": "web: " + "(" * 20_000 + "\n"},
    ],
    ids=range(11),
)
def test_no_input_is_a_bug(repository: Repository, files: Mapping[str, str | bytes]) -> None:
    done = run("check", str(repository(files)), "--format", "json")
    assert done.code in (0, 1, 4), done.err
    assert json.loads(done.out)["schema_version"] == 1


def test_a_link_out_of_the_checkout_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    folder = repository({f"checkout/{name}": text for name, text in SOUND.items()} | {"secret.py": "app = 'CANARY'\n"})
    (folder / "checkout" / "myapp.py").unlink()
    (folder / "checkout" / "myapp.py").symlink_to(tmp_path / "secret.py")
    done = run("check", str(folder / "checkout"), "--format", "json")
    assert done.code in (0, 1), done.err
    assert "CANARY" not in done.out


def test_a_start_file_that_cannot_be_read_is_said(repository: Repository) -> None:
    folder = repository({"checkout/README.md": "", "Procfile": "web: python app.py\n"})
    (folder / "checkout" / "Procfile").symlink_to(folder / "Procfile")
    done = run("check", str(folder / "checkout"), "--fail-on", "warning")
    assert done.code == 1
    assert "Procfile:1:1: warning[unreadable-file]" in done.out
    assert "a link that leads out of the checkout" in done.out


def test_reports_go_where_they_are_sent_and_the_exit_code_is_the_same(repository: Repository, tmp_path: Path) -> None:
    folder = repository({f"app/{name}": text for name, text in SOUND.items()})
    sarif, github = tmp_path / "a.sarif", tmp_path / "github.log"
    done = run(
        *("check", str(folder / "app"), "--format", "sarif", "--output", str(sarif)),
        *("--format", "github", "--output", str(github), "--format", "text"),
    )
    plain = run("check", str(folder / "app"))
    assert (done.code, done.out) == (plain.code, plain.out)
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert github.read_text().startswith(("::", "Pass: "))


def test_check_writes_nothing_into_the_checkout(repository: Repository) -> None:
    folder = repository(SOUND)
    before = sorted(folder.rglob("*"))
    run("check", str(folder))
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", ["rules", "platforms"])
def test_the_lists_are_printed_for_people_and_programs(command: str) -> None:
    listed = json.loads(run(command, "--format", "json").out)
    names = [entry.get("id") or entry["name"] for entry in listed]
    assert [line.split(" ")[0] for line in run(command).out.splitlines()] == names


def test_output_is_utf_8_whatever_the_locale_says(repository: Repository) -> None:
    done = run("check", str(repository(SOUND)), PYTHONIOENCODING="latin-1")
    assert (done.code, done.err) == (0, "")
    assert "  ✓ listen         met" in done.out


def test_explain_prints_the_page_of_a_rule() -> None:
    done = run("explain", "unused-allow")
    assert (done.code, done.out.splitlines()[0]) == (0, "# unused-allow")


def test_heavy_modules_are_not_loaded_for_plain_words(repository: Repository) -> None:
    folder = repository(SOUND)
    modules = ("argparse", "json", "yaml", "dataclasses", "inspect", "subprocess", "logging")
    code = (
        "import sys; from adaptable_preflight.cli import main; main(['check', sys.argv[1]]);"
        f"sys.stderr.write(', '.join(m for m in {modules} if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, env={"PYTHONPATH": str(SOURCE)}
    )
    assert done.stderr == ""


def test_paths_of_annotations_start_at_the_workspace(repository: Repository) -> None:
    folder = repository({"services/web/Procfile": "web: gunicorn app:app\n# preflight: allow[unused-allow] x\n"})
    inside = run("check", str(folder / "services/web"), "--format", "github", GITHUB_WORKSPACE=str(folder))
    outside = run("check", str(folder / "services/web"), "--format", "github", GITHUB_WORKSPACE="/nowhere")
    assert ",file=services/web/Procfile,line=2," in inside.out
    assert ",file=Procfile,line=2," in outside.out


def test_an_empty_start_command_counts_as_absent(repository: Repository) -> None:
    facts = json.loads(run("facts", str(repository(SOUND)), "--start-command", "").out)
    assert [p["source"]["kind"] for p in facts["processes"]] == ["procfile"]


def test_facts_closes_the_environment(repository: Repository) -> None:
    folder = str(repository(SOUND))
    (opened,) = json.loads(run("facts", folder).out)["processes"]
    (closed,) = json.loads(run("facts", folder, "--env", "PORT=8123").out)["processes"]
    assert opened["binds"] == [{"kind": "tcp", "host": "0.0.0.0", "port": {"env": "PORT", "default": None}}]
    assert closed["binds"] == [{"kind": "tcp", "host": "0.0.0.0", "port": 8123}]
