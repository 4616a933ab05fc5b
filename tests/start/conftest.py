"""Start commands in small repositories, and the programs that they start."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Environment, Launch, Run, Server
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.shell import run_script
from adaptable_preflight.read.shell.excerpt import of_source
from adaptable_preflight.read.start import start
from adaptable_preflight.source import START_COMMAND, Source
from adaptable_preflight.value import FromEnv, Known, show
from tests.conftest import Files, lay_out
from tests.start.unread import UnreadPython


class Recorder:
    """Follows every program as the tool does, but takes «serve» for a server that runs on, and keeps what it gets."""

    def __init__(self, root: Path) -> None:
        self.context = Context(Checkout(str(root)), UnreadPython(), self.follow)
        self.launches: list[Launch] = []

    def follow(self, launch: Launch) -> Run:
        if launch.program != "serve":
            return start(launch, self.context)
        self.launches.append(launch)
        words = " ".join(show(word.value) for word in launch.words[1:])
        return Run((Server("serve", "wsgi", launch.words[0].span, worker_class=words),))

    @property
    def served(self) -> list[str]:
        """The arguments of each «serve» as a shell would write them."""
        return [" ".join(show(word.value) for word in launch.words[1:]) for launch in self.launches]


Runs = Callable[..., tuple[Run, Recorder]]


@pytest.fixture
def run(tmp_path: Path) -> Runs:
    """Return a function from a shell's text and files to what becomes of it."""

    def make(text: str, files: Files | None = None, env: Mapping[str, str] | None = None, dialect: str = "sh"):  # type: ignore[no-untyped-def]
        recorder = Recorder(lay_out(tmp_path, files or {}))
        source = Source(START_COMMAND, text)
        environment = Environment({"PORT": FromEnv("PORT")})
        if env is not None:
            environment = Environment({name: Known(value) for name, value in env.items()}, closed=True)
        span = source.span(0, len(text))
        return run_script(of_source(source), recorder.context, environment, span=span, dialect=dialect), recorder

    return make
