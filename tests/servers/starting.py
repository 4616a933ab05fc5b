"""Start commands as a shell hands them over, for tests of server readers."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Descriptor, Environment, Launch, Run, Server, Target, Tcp, Unix, Word
from adaptable_preflight.read import servers
from adaptable_preflight.read.context import Context, Loaded, ModuleValues
from adaptable_preflight.source import START_COMMAND, Span
from adaptable_preflight.value import FromEnv, Known, Unknown, Value, concat, show
from tests.conftest import Files, lay_out


class Assignments(NamedTuple):
    """Runs Python files that hold nothing but plain assignments."""

    checkout: Checkout

    def values(self, path: str, env: Environment, folder: str) -> ModuleValues:
        """Return the names that a file assigns."""
        namespace: dict[str, object] = {}
        source = self.checkout.text(path)
        exec(source.text if source else "", {}, namespace)
        return ModuleValues({name: Known(value) for name, value in namespace.items()})

    def load(self, target: Target, env: Environment, folder: str) -> Loaded:
        """Readers load no app."""
        raise AssertionError(target)

    def run_file(self, path: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run:
        """Programs are not run."""
        return Run(unknown=Unknown("programs are not run"))

    def run_module(self, name: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run | None:
        """Modules are not run."""
        return None


def words_of(command: str) -> tuple[Word, ...]:
    """Return the words of a command; `$NAME` is a variable that is not known, in quotation marks of any kind."""
    found, at = [], 0
    for raw in shlex.split(command, posix=False):
        at = command.index(raw, at)
        span = Span(START_COMMAND, 1, at + 1, 1, at + len(raw) + 1)
        text = "".join(shlex.split(raw)) if raw[:1] in "'\"" else raw.replace('"', "").replace("'", "")
        pieces: list[Value] = [
            FromEnv(part[1:]) if part.startswith("$") else Known(part)
            for part in re.split(r"(\$[A-Z_]+)", text)
            if part
        ]
        found.append(Word(concat(pieces), span))
        at += len(raw)
    return tuple(found)


def start(folder: Path, command: str, files: Files | None = None, env: Mapping[str, str] | None = None) -> Run:
    """Return what a server's reader says of a command."""
    checkout = Checkout(str(lay_out(folder, files or {})))
    context = Context(checkout, Assignments(checkout), lambda launch: Run(unknown=Unknown("nothing is followed")))
    words = words_of(command)
    environment = Environment({name: Known(value) for name, value in (env or {}).items()}, closed=True)
    first = words[0].text or ""
    if first == "python":
        reader, words = servers.by_module(words[2].text or ""), words[2:]
    else:
        reader = servers.by_command(first)
    assert reader is not None, first
    return reader.read(Launch(words, environment), context)


def sockets(server: Server) -> list[str]:
    """Return a server's binds as short texts."""
    found = []
    for bind in server.binds:
        match bind:
            case Tcp(host=host, port=port):
                found.append(f"{show(host)}:{show(port)}")
            case Unix(path=path):
                found.append(f"unix:{show(path)}")
            case Descriptor(number=number):
                found.append(f"fd:{number}")
            case _:
                found.append("?")
    return found
