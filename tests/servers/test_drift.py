"""The option tables say what the installed servers' own parsers say.

`SERVERS_PYTHON` names the Python in which the servers are installed; without it, the one that runs the tests.
"""

import json
import os
import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest

from adaptable_preflight.read.servers.grammar import Option

PYTHON = os.environ.get("SERVERS_PYTHON", sys.executable)

ARGPARSE = """
import argparse, json, sys

def dump(parser, *args, **kwargs):
    rows = []
    for a in parser._actions:
        rows.append((a.option_strings, 0 if a.nargs == 0 else 1, getattr(a.type, "__name__", "")))
    print(json.dumps([row for row in rows if row[0]]))
    sys.exit(0)

argparse.ArgumentParser.parse_args = dump
argparse.ArgumentParser.parse_known_args = dump
"""

CLICK = """
import json, sys

def dump(command, *path):
    try:
        import typer
        command = typer.main.get_command(command) if isinstance(command, typer.Typer) else command
    except ImportError:
        pass
    for name in path:
        command = command.commands[name]
    rows = []
    for p in command.params:
        if p.param_type_name == "option":
            kind = getattr(p.type, "name", "")
            choices = [str(getattr(c, "value", c)) for c in getattr(p.type, "choices", ())]
            rows.append((p.opts + p.secondary_opts, 0 if p.is_flag else 1, kind, choices))
    print(json.dumps(rows))
"""


def options_of(module: str, script: str) -> list[list[Any]]:
    """Run a script beside the installed server and return what it prints."""
    found = subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, check=False)
    if found.returncode != 0:
        pytest.skip(f"{module} is not installed in {PYTHON}: its option table is NOT compared")
    done = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows: list[list[Any]] = json.loads(done.stdout.strip().splitlines()[-1])
    return rows


def ours(module: str) -> dict[str, Option]:
    """Return every spelling of every option of our table."""
    reader = import_module(f"adaptable_preflight.read.servers.{module}")
    return {flag: option for option in reader.OPTIONS for flag in (*option.flags, *option.negative)}


def same(server: str, rows: list[list[Any]], ignored: frozenset[str] = frozenset()) -> None:
    """Compare spellings, whether an argument is taken, its kind and its choices."""
    table = ours(server)
    theirs = {flag: row for row in rows for flag in row[0]}
    assert table.keys() - ignored == theirs.keys() - ignored
    for flag in theirs.keys() - ignored:
        _, takes, kind, *choices = theirs[flag]
        assert (table[flag].takes == "0") == (takes == 0), flag
        assert (table[flag].kind == "int") == (kind in ("int", "integer", "integer range")), flag
        if choices and choices[0]:
            assert sorted(table[flag].choices) == sorted(choices[0]), flag


HELP = frozenset({"--help", "-h", "--version"})

PARSERS: list[tuple[str, str, str]] = [
    ("gunicorn.options", "gunicorn", ARGPARSE + "from gunicorn.config import Config; Config().parser().parse_args()"),
    ("uvicorn", "uvicorn", CLICK + "from uvicorn.main import main; dump(main)"),
    ("hypercorn", "hypercorn", ARGPARSE + "from hypercorn.__main__ import main; main(['x'])"),
    ("daphne", "daphne", ARGPARSE + "from daphne.cli import CommandLineInterface as C; C().run(['x'])"),
    ("granian", "granian", CLICK + "from granian.cli import cli; dump(cli)"),
    ("cheroot", "cheroot", ARGPARSE + "from cheroot.cli import main; main()"),
]


@pytest.mark.parametrize(("table", "module", "script"), PARSERS, ids=[row[0] for row in PARSERS])
def test_the_table_has_what_the_parser_has(table: str, module: str, script: str) -> None:
    same(table, options_of(module, script), HELP)


def test_gunicorn_has_the_same_settings_worker_classes_and_names_that_only_files_set() -> None:
    script = (
        "import json; from gunicorn.config import KNOWN_SETTINGS as K;"
        "from gunicorn.workers import SUPPORTED_WORKERS as W;"
        "print(json.dumps([[s.name for s in K if not s.cli], [s.name for s in K], list(W)]))"
    )
    only_in_files, names, workers = options_of("gunicorn", script)
    from adaptable_preflight.read.servers.gunicorn import options
    from adaptable_preflight.read.servers.gunicorn.workers import NAMES

    assert set(only_in_files) == options.ONLY_IN_FILES
    assert set(names) == options.SETTINGS
    assert set(workers) == NAMES.keys()
