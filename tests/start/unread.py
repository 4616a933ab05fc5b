"""Stands in for the reader of Python code: whatever code does cannot be told."""

from adaptable_preflight.model import App, Code, Environment, Run, Target, Word
from adaptable_preflight.read.context import Loaded, ModuleValues
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown

_WHY = "Python code is not read yet"


class UnreadPython:
    """Answers every question about code with «unknown»."""

    def values(self, path: str, env: Environment, folder: str) -> ModuleValues:
        """Tell nothing of a file."""
        return ModuleValues({}, unknown=Unknown(_WHY, Span(path, 1, 1, 1, 1)))

    def visit(self, path: str, env: Environment, folder: str) -> None:
        del path, env, folder

    def load(self, target: Target, env: Environment, folder: str, arguments: tuple[Word, ...] = ()) -> Loaded:
        """Tell nothing of an app."""
        app = App(target.module, target.attribute, False, None, why=_WHY)
        return Loaded(app, Run(unknown=Unknown(_WHY, target.span)))

    def run_file(self, path: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run:
        """Tell nothing of a program."""
        return Run(unknown=Unknown(_WHY, arguments[0].span), status=None)

    def run_module(self, name: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run | None:
        """Tell nothing of a module."""
        return None

    def find_app(self, env: Environment) -> App | None:
        """Find none."""
        return None

    def code(self) -> Code:
        """Tell nothing of what an app does."""
        return Code()
