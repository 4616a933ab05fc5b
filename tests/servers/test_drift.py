"""The option tables say what the installed servers' own parsers say.

`SERVERS_PYTHON` names the Python in which the servers are installed; without it, the one that runs the tests.
"""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest

from adaptable_preflight.read.servers.grammar import Option

PYTHON = os.environ.get("SERVERS_PYTHON", sys.executable)
PYTHON_VERSION = subprocess.run(
    [PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=True
).stdout.strip()

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


def here(server: str, option: Option) -> bool:
    """Whether the newest version has an option; a module of Python is as new as the Python that has it."""
    return server != "http_server" or not option.since or option.since <= PYTHON_VERSION


def same(server: str, rows: list[list[Any]], ignored: frozenset[str] = frozenset()) -> None:
    """Compare spellings, whether an argument is taken, its kind and its choices."""
    table = {flag: option for flag, option in ours(server).items() if not option.until and here(server, option)}
    theirs = {flag: row for row in rows for flag in row[0]}
    assert table.keys() - ignored == theirs.keys() - ignored
    for flag in theirs.keys() - ignored:
        _, takes, kind, *choices = theirs[flag]
        assert (table[flag].takes == "0") == (takes == 0), flag
        number = table[flag].kind == "int" or table[flag].choices == ("0", "1", "2", "3")
        assert number == (kind in ("int", "integer", "integer range")), flag
        if choices and choices[0]:
            assert sorted(table[flag].choices) == sorted(choices[0]), flag


DJANGO = """
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.staticfiles"])
import django
django.setup()
from django.core.management.commands.runserver import Command as Plain
from django.contrib.staticfiles.management.commands.runserver import Command
Command().create_parser("manage.py", "runserver").parse_args([])
"""
HELP = frozenset({"--help", "-h", "--version"})

PARSERS: list[tuple[str, str, str]] = [
    ("gunicorn.options", "gunicorn", ARGPARSE + "from gunicorn.config import Config; Config().parser().parse_args()"),
    ("uvicorn", "uvicorn", CLICK + "from uvicorn.main import main; dump(main)"),
    ("hypercorn.settings", "hypercorn", ARGPARSE + "from hypercorn.__main__ import main; main(['x'])"),
    ("daphne", "daphne", ARGPARSE + "from daphne.cli import CommandLineInterface as C; C().run(['x'])"),
    ("granian", "granian", CLICK + "from granian.cli import cli; dump(cli)"),
    ("flask_command", "flask", CLICK + "from flask.cli import cli; dump(cli, 'run')"),
    ("django", "django", ARGPARSE + DJANGO),
    ("aiohttp", "aiohttp", ARGPARSE + "from aiohttp.web import main; main(['x'])"),
    ("http_server", "http.server", ARGPARSE + "import runpy; runpy.run_module('http.server', run_name='__main__')"),
    ("quart", "quart", CLICK + "from quart.cli import run_command; dump(run_command)"),
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


def test_waitress_has_the_same_adjustments_and_numbers() -> None:
    script = (
        "import json; from waitress.adjustments import Adjustments as A;"
        "print(json.dumps([[n for n, _ in A._params], [n for n, kind in A._params if kind is int]]))"
    )
    names, numbers = options_of("waitress", script)
    from adaptable_preflight.read.servers.waitress.adjustments import ADJUSTMENTS, NUMBERS

    assert set(names) == ADJUSTMENTS
    assert set(numbers) == NUMBERS


def test_uwsgi_has_the_same_options() -> None:
    program = os.path.join(os.path.dirname(PYTHON), "uwsgi")
    if not os.path.exists(program):
        pytest.skip(f"there is no {program}: the option table of uWSGI is NOT compared")
    text = subprocess.run([program, "--help"], capture_output=True, text=True, check=False).stdout
    from adaptable_preflight.read.servers.uwsgi.options import names

    # A build has the options of the libraries that its machine has, such as PCRE.
    assert set(re.findall(r"^ +(?:-.\|)?--(\S+)", text, re.MULTILINE)) <= names()
