"""Start commands as a shell hands them over, for tests of server readers."""

import ast
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import (
    App,
    Call,
    Code,
    Descriptor,
    Environment,
    Launch,
    Run,
    Server,
    Target,
    Tcp,
    Unix,
    Word,
)
from adaptable_preflight.read import servers
from adaptable_preflight.read.context import Context, Loaded, ModuleValues
from adaptable_preflight.source import START_COMMAND, Source, Span
from adaptable_preflight.value import Argument, FromEnv, Items, Known, Table, Thing, Unknown, Value, concat, show
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

    def visit(self, path: str, env: Environment, folder: str) -> None:
        del path, env, folder

    def load(self, target: Target, env: Environment, folder: str, arguments: tuple[Word, ...] = ()) -> Loaded:
        """Readers load no app."""
        raise AssertionError(target)

    def run_file(self, path: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run:
        """Programs are not run."""
        return Run(unknown=Unknown("programs are not run"))

    def run_module(self, name: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run | None:
        """Modules are not run."""
        return None

    def find_app(self, env: Environment) -> App | None:
        """Find none."""
        return None

    def code(self) -> Code:
        """Apps are not read."""
        return Code()


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


def call(folder: Path, name: str, code: str, env: Mapping[str, str] | None = None, made: str = "") -> Run:
    """Return what a reader says of a call, which stands in `main.py`; `made`: the call that made its object."""
    checkout = Checkout(str(lay_out(folder, {"main.py": code})))
    context = Context(checkout, Assignments(checkout), lambda launch: Run(unknown=Unknown("nothing is followed")))
    environment = Environment({key: Known(value) for key, value in (env or {}).items()}, closed=True)
    reader = servers.call_reader(name)
    assert reader is not None, name
    receiver = Thing(name.rpartition(".")[0], arguments=_arguments(made)) if made else None
    span = Span("main.py", 1, 1, 1, len(code) + 1)
    return reader(Call(name, span, _arguments(code), "import", receiver=receiver), environment, context)


def _arguments(code: str) -> tuple[Argument, ...]:
    source = Source("main.py", code)
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.Call)
    positional = [Argument(_value(argument), source.node(argument)) for argument in node.args]
    return (*positional, *(Argument(_value(k.value), source.node(k), k.arg or "") for k in node.keywords))


def _value(node: ast.expr) -> Value:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return Thing(ast.unparse(node))
    if isinstance(value, list | tuple):
        return Items(tuple(Known(item) for item in value), type(value).__name__)
    if isinstance(value, dict):
        return Table(tuple((Known(key), Known(item)) for key, item in value.items()))
    return Known(value)


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
