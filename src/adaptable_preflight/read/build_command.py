"""What is installed where a platform's file tells the build command and the folder in which it runs."""

import posixpath
from typing import Final, NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Installed
from adaptable_preflight.platforms import Build
from adaptable_preflight.read.manifests import Site
from adaptable_preflight.source import Source

_USUAL: Final = {
    "requirements.txt": "pip install -r requirements.txt",
    "poetry.lock": "poetry install --only main",
    "pdm.lock": "pdm install --prod",
    "uv.lock": "uv sync --no-dev",
    "Pipfile": "pipenv install",
    "Pipfile.lock": "pipenv install",
    "pyproject.toml": "pip install .",
}
"""What installs each of the files where nobody tells a command."""


class BuildCommand(NamedTuple):
    """A build command by its offsets in the text of a file; an empty one leaves the choice to the platform."""

    source: Source
    start: int
    end: int
    folder: str
    """The folder of the checkout in which it runs."""


def by_command(command: BuildCommand, build: Build, site: Site) -> Installed | None:
    """Return what a build command installs; None where that does not show, and nothing stands in its folder."""
    told = _read(command, site) if command.end > command.start else None
    if told is not None or not command.folder:
        return told
    paths = {name: join(command.folder, name) for name in build.manifests}
    first = next((name for name, path in paths.items() if path is not None and site.checkout.is_file(path)), "")
    text = _USUAL.get(first, "")
    return _read(BuildCommand(Source(command.source.path, text), 0, len(text), command.folder), site) if text else None


def _read(command: BuildCommand, site: Site) -> Installed | None:
    from adaptable_preflight.read.manifests import dockerfile

    made = dockerfile.of_command(*_script(command, site), site)
    files = made.manifests[:-1]
    if not files or made.manifests[-1].opaque:
        return None
    own = made.manifests[-1:] if made.manifests[-1].requirements else ()
    return Installed((*files, *own), unreadable=made.unreadable, system=made.system)


def _script(command: BuildCommand, site: Site) -> BuildCommand:
    """Return the text of the script that a command consists of; the command itself where it is none."""
    words = command.source.text[command.start : command.end].split()
    words = words[1:] if words[:1] in (["sh"], ["bash"]) else words
    path = join(command.folder, words[0]) if len(words) == 1 and words[0].endswith(".sh") else None
    source = site.checkout.text(posixpath.normpath(path)) if path is not None else None
    return BuildCommand(source, 0, len(source.text), command.folder) if source is not None else command
