"""Which files a Dockerfile copies that the repository does not have, or keeps from the build.

A pattern may match nothing: BuildKit copies nothing then
(https://github.com/moby/buildkit/blob/v0.26.0/frontend/dockerfile/dockerfile2llb/convert.go, `AllowEmptyWildcard`).
"""

import posixpath
import re
from collections.abc import Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import MissingSource
from adaptable_preflight.read.dockerignore import kept_out
from adaptable_preflight.read.gitignore import ignored_by
from adaptable_preflight.read.manifests.docker_commands import Word
from adaptable_preflight.read.manifests.docker_copies import copy_line
from adaptable_preflight.read.manifests.docker_stages import Instruction, Stage
from adaptable_preflight.source import Source

_MAX_SOURCES = 50
_OPEN = late_pattern(r"[*?\[\\${%]|^<|://|^git@|^\.git$")
"""Signs of a source that may stand for nothing, for something that only the build knows, or for another place."""
_SHELL = late_pattern(r"\|\||&&|[;|&]|\d*>>?.*|#.*")
_ESCAPE = late_pattern(r"(?i)\A(?:#[^\n]*\n)*?#\s*escape\s*=")
_MOUNT = late_pattern(r"--mount=(\S*type=bind\S*)")
_PRODUCTS = frozenset(
    {
        "dist", "build", "out", "target", "node_modules", ".next", "public", "static", "staticfiles", "bin", "lib",
        "wheels", "wheelhouse", "artifacts", "release", "generated",
    }
)  # fmt: skip
"""Folders that usually hold what another build made before this one."""
_SCRIPTS = late_pattern(
    r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml|cloudbuild\.ya?ml|bitbucket-pipelines\.yml"
    r"|Makefile|justfile|(?:[^/]+/)?[^/]+\.sh"
)


def missing_sources(stages: list[Stage], source: Source, checkout: Checkout) -> tuple[MissingSource, ...]:
    """Return what the stages copy from the repository and is not there, each at its first place."""
    if _ESCAPE.match(source.text):
        return ()  # another sign than «\\» continues lines
    words = [word for stage in stages for one in stage.instructions for word in _sources(one)]
    found = (_missing(word, source, checkout) for word in words[:_MAX_SOURCES])
    return tuple({one.path: one for one in reversed([each for each in found if each])}.values())[::-1]


def _sources(one: Instruction) -> Iterator[Word]:
    """Yield what an instruction takes from the repository."""
    line = copy_line(one)
    if line is not None and line.origin is None:
        sign = next((word for word in line.sources if _SHELL.fullmatch(word.text)), None)
        yield from line.sources if sign is None else (line.sources[0], sign)
    for mount in _MOUNT.finditer(one.text) if one.word == "RUN" else ():
        parts = dict(part.partition("=")[::2] for part in mount[1].split(","))
        path = parts.get("source") or parts.get("src") or ""
        if path and "from" not in parts:
            start = one.start + mount.start() + mount[0].index(path)
            yield Word(path, start, start + len(path))


def _missing(word: Word, source: Source, checkout: Checkout) -> MissingSource | None:
    span = source.span(word.start, word.end)
    if _SHELL.fullmatch(word.text) and not checkout.is_file(word.text):
        return MissingSource(word.text, span, "shell")
    path = posixpath.normpath(f"/{word.text}").lstrip("/")
    if not path or _OPEN.search(word.text) or _in_submodule(path, checkout):
        return None
    if checkout.is_file(path) or checkout.is_folder(path):
        line = kept_out(path, checkout, source.path)
        return MissingSource(path, span, "kept-out", line) if line is not None else None
    if _leads_out(path, checkout):
        return None
    ignored = ignored_by(f"{path}/", checkout)  # a file or a folder: nobody knows
    other = next((one for one in checkout.paths if one.lower() == path.lower()), "")
    return MissingSource(path, span, "absent", ignored, other, _made(path, bool(ignored), checkout))


def _leads_out(path: str, checkout: Checkout) -> bool:
    """Whether a link stands in the way, whose end is not in the checkout."""
    while path:
        folder, _, name = path.rpartition("/")
        if name in checkout.names(folder) and not checkout.is_folder(path):
            return True
        path = folder
    return False


def _in_submodule(path: str, checkout: Checkout) -> bool:
    """Whether another repository is to stand there, which not every checkout holds."""
    modules = checkout.text(".gitmodules")
    homes = re.findall(r"(?m)^\s*path\s*=\s*(\S+)", modules.text) if modules is not None else []
    return any(f"{path}/".startswith(f"{home.rstrip('/')}/") for home in homes)


def _made(path: str, ignored: bool, checkout: Checkout) -> bool:
    """Whether something that runs before the build may make a file: a script names it, or git ignores a product."""
    if ignored and not _PRODUCTS.isdisjoint(path.split("/")):
        return True
    name = re.compile(rf"(?<![\w.-]){re.escape(posixpath.basename(path))}(?![\w-]|\.\w)")
    scripts = [one for one in checkout.paths if _SCRIPTS.fullmatch(one)][:_MAX_SOURCES]
    texts = (checkout.text(one) for one in scripts)
    return any(text is not None and name.search(text.text) for text in texts)
