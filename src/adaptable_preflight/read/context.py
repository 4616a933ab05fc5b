"""What the readers of commands, servers and Python code hand to each other, without importing each other."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import App, Code, Environment, Failure, Installed, Launch, Run, Target, Word
from adaptable_preflight.value import Unknown, Value


class ModuleValues(NamedTuple):
    """What a Python file leaves in its namespace when it is executed, such as a server's configuration file."""

    names: Mapping[str, Value]
    failure: Failure | None = None
    """Why executing it fails, such as a syntax error or an exception."""
    unknown: Unknown | None = None
    open: bool = False
    """Whether it may hold further names: `locals()[key] = value`, names of a library's module by a star."""


class Loaded(NamedTuple):
    """What importing an app's target leads to."""

    app: App
    run: Run
    """What the import itself does: servers that it starts, an exception that it raises, or why that cannot be told."""


class Python(Protocol):
    """Executes Python code of the checkout on paper."""

    def values(self, path: str, env: Environment, folder: str) -> ModuleValues:
        """Execute a file (relative to the checkout) in a working directory and return its names."""

    def load(self, target: Target, env: Environment, folder: str, arguments: tuple[Word, ...] = ()) -> Loaded:
        """Import a target's module and look up its object; `arguments` is the server's `sys.argv`, if it is known."""

    def run_file(self, path: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run:
        """Run a file as the main program; `arguments` is `sys.argv` with the program's own word first."""

    def visit(self, path: str, env: Environment, folder: str) -> None:
        """Run a file as a server does that runs it anew for each visitor: only what it does is kept."""

    def run_module(self, name: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run | None:
        """Run a module of the checkout as `python -m` does; None where the checkout has none of that name."""

    def find_app(self, env: Environment) -> App | None:
        """Return the app object that a start command would name, where there is none; its code is what `code` tells."""

    def code(self) -> Code:
        """Return what was loaded and run since the last call does, at import and in the functions that serve it."""


class Context(NamedTuple):
    """What a reader may ask besides its own input."""

    checkout: Checkout
    python: Python
    follow: Callable[[Launch], Run]
    """Tells what becomes of another program that is started; bounded in depth."""
    homes: tuple[tuple[str, str], ...] = ()
    """Folders of the container that hold a part of the checkout: absolute path and folder of the checkout."""
    build: str = ""
    """The steps that build the image which is started, as text, with `FROM` where nobody knows what the base holds:
    they may make files and programs."""
    folder: str = ""
    """The working directory of the program whose calls are read; a command's is in its `Launch`."""
    installed: Installed = Installed()
    """What the dependency files install: they choose the version of a server."""
