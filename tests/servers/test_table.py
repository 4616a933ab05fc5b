"""The table of servers says what the readers say of themselves."""

from importlib import import_module
from typing import cast

import pytest

from adaptable_preflight.read import servers
from adaptable_preflight.read.servers.table import SERVERS, Entry


@pytest.mark.parametrize("entry", SERVERS, ids=lambda entry: entry.module)
def test_each_reader_agrees_with_the_table(entry: Entry) -> None:
    reader = cast("servers.ServerReader", import_module(f"adaptable_preflight.read.servers.{entry.module}"))
    assert set(entry.commands) == reader.COMMANDS
    assert set(entry.modules) == reader.MODULES
    assert set(entry.calls) == reader.CALLS.keys()


def test_no_two_servers_claim_the_same() -> None:
    for kind in ("commands", "modules", "calls"):
        names = [name for entry in SERVERS for name in getattr(entry, kind)]
        assert len(names) == len(set(names))


def test_only_the_reader_that_is_asked_for_is_imported() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from adaptable_preflight.read import servers; servers.by_command('gunicorn');"
        "print(*[m for m in sys.modules if m.startswith('adaptable_preflight.read.servers.uvicorn')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="src")
    assert done.stdout.strip() == ""
