"""Where the programs lie that a Dockerfile installs, and whether a command of its image finds them.

Source: https://docs.docker.com/reference/dockerfile/
"""

import posixpath
import re
from collections.abc import Mapping
from typing import Final

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Unreached
from adaptable_preflight.read.docker_arguments import pairs
from adaptable_preflight.read.manifests.docker_commands import Step, Word, commands, steps
from adaptable_preflight.read.manifests.docker_copies import copy_line
from adaptable_preflight.read.manifests.docker_stages import Instruction, Stage
from adaptable_preflight.read.program_places import (
    PREFIX,
    Layer,
    of_pip,
    of_pipenv,
    of_poetry,
    of_uv,
    of_uv_pip,
    poetry_settings,
)
from adaptable_preflight.source import Source

_PYTHON: Final = late_pattern(r"(?:docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?python:\d[\w.-]*")
"""The base images whose folders are known."""
_TOOL_IMAGES: Final = late_pattern(r"(?:ghcr\.io/)?astral-sh/uv\b.*")
_TOOLS: Final = frozenset("build hatch pdm pip pip-tools pipenv pipx poetry setuptools tox uv virtualenv wheel".split())
"""What is installed to install with: it brings no server."""
_MOVES: Final = frozenset("chmod chown cp install ln mv rsync tar".split())
_RUNS: Final = frozenset("ansible bash chroot just make nox pipx sh su task tox".split())


def unreached(found: tuple[Stage, ...], source: Source, checkout: Checkout) -> Unreached | None:
    """Return why commands of an image do not find what was installed; None where they do, or it cannot be told."""
    layer = _Reader(found, source, checkout).layer(len(found) - 1) if found else None
    if layer is None or layer.open:
        return None
    searched = layer.path
    if any("$" in one for one in searched):
        return None
    if layer.foreign is not None and all(place.folder == f"{PREFIX}/bin" for place in layer.places):
        return layer.foreign
    there = [place for place in layer.places if place.folder in searched]
    closed = [place for place in there if layer.user != "root" and place.folder.startswith("/root/")]
    if any(not place.moved and place not in closed for place in there):
        return None
    if closed:
        why = f"«{closed[0].folder}» lies in the home of root, which is closed to the user «{layer.user}»"
        return Unreached(why, "Install it into a folder that is open to all, such as «/opt/venv».", closed[0].span)
    if layer.places:
        last = next((place for place in layer.places if place.moved), layer.places[-1])
        return Unreached(last.why, last.advice, last.span, programs=last.folder in searched or not last.environment)
    if layer.stripped is not None:
        why = "the packages are copied from another stage, and the programs that they bring are not"
        advice = f"Add «COPY --from=… {PREFIX}/bin {PREFIX}/bin»."
        return Unreached(why, advice, layer.stripped, programs=True)
    return None


class _Reader:
    """Reads the stages of one Dockerfile."""

    def __init__(self, found: tuple[Stage, ...], source: Source, checkout: Checkout) -> None:
        self.found = found
        self.source = source
        self.poetry = poetry_settings(checkout)
        self.layers: dict[int, Layer] = {}

    def layer(self, index: int) -> Layer:
        """Return what a stage ends up with."""
        if index not in self.layers:
            stage = self.found[index]
            below = self._index(stage.base, index)
            made = self.layer(below).copy() if below is not None else Layer()
            made.open = made.open or (below is None and not _PYTHON.fullmatch(stage.base))
            tag = re.search(r"python:(3\.\d+)", stage.base) if below is None else None
            made.python = tag[1] if tag is not None else made.python
            self.layers[index] = made
            for one in stage.instructions:
                handler = _HANDLERS.get(one.word)
                if handler is not None:
                    handler(self, made, one, index)
        return self.layers[index]

    def _index(self, name: str, before: int) -> int | None:
        names = [stage.name for stage in self.found[:before]]
        if name.lower() in names:
            return names.index(name.lower())
        return int(name) if name.isdigit() and int(name) < before else None

    def take_variables(self, layer: Layer, one: Instruction, index: int) -> None:
        """`ENV` and `ARG`."""
        del index
        for name, value, _ in pairs(one, self.source):
            if one.word == "ENV" or (value and name not in layer.env):
                layer.env[name] = layer.filled(value)

    def take_folder(self, layer: Layer, one: Instruction, index: int) -> None:
        """`WORKDIR`."""
        del index
        layer.folder = layer.absolute(layer.filled(one.text.strip()))

    def take_user(self, layer: Layer, one: Instruction, index: int) -> None:
        """`USER`."""
        del index
        name = layer.filled(one.text.strip().partition(":")[0])
        layer.user = "root" if name == "0" else name

    def take_copy(self, layer: Layer, one: Instruction, index: int) -> None:
        """`COPY --from=…`."""
        line = copy_line(one)
        if line is None or line.origin is None:
            return
        origin = self._index(line.origin, index)
        if origin is None:
            layer.open = layer.open or not _TOOL_IMAGES.fullmatch(line.origin)
            return
        other = self.layer(origin)
        layer.open = layer.open or other.open
        for word in line.sources:
            target = layer.absolute(layer.filled(line.target))
            self._carry(layer, other, other.absolute(layer.filled(word.text)), target, one)

    def _carry(self, layer: Layer, other: Layer, path: str, target: str, one: Instruction) -> None:
        """Copy what stands at a path of another stage: folders of programs with what lies around them."""
        span = self.source.span(one.start, one.start + len(one.text.rstrip()))
        made_for = re.search(r"/lib/python(3\.\d+)(?:/|$)", target)
        if made_for is not None and layer.python and made_for[1] != layer.python:
            why = f"«{target}» is where Python {made_for[1]} looks for packages, and the image runs {layer.python}"
            layer.foreign = Unreached(why, "Build both stages on the same version of Python.", span)
        for place in other.places:
            to = _carried(place.folder, path, target) if place.folder else None
            if to is not None:
                moved = place.environment and (place.moved or to != place.folder)
                why = f"«{place.folder}» is copied to «{to}», where its programs do not find their Python"
                advice = f"Copy it to the same path: «COPY --from=… {path} {path}»."
                kept = place._replace(why=why, advice=advice, span=span) if moved and not place.moved else place
                layer.places += (kept._replace(folder=posixpath.normpath(to), moved=moved),)
            elif not place.folder and ".cache" not in path:
                layer.places += (place,) if path in ("/", "/root") else ()
            elif "site-packages" in path or re.fullmatch(r".*/lib/python\d\.\d+", path):
                layer.stripped = span if place.folder == f"{PREFIX}/bin" else layer.stripped
            elif posixpath.dirname(path) == place.folder or ".cache" in path:
                layer.open = True  # single programs

    def take_command(self, layer: Layer, one: Instruction, index: int) -> None:
        """`RUN`."""
        del index
        local = dict(layer.env)
        for words in commands(self.source, one.start, one.end):
            texts = [word.text for word in words]
            assigned = [text for text in texts if re.match(r"[A-Za-z_]\w*=", text)]
            local.update(text.partition("=")[::2] for text in assigned)
            self._environment(layer, local, texts)
            program = next((text for text in texts if text not in assigned and not text.startswith("--")), "")
            name = program.rpartition("/")[2]
            script = name in _RUNS and any(re.search(r"\.sh$|^[\w./-]+/[\w.-]+$", text) for text in texts[1:])
            moves = name in _MOVES and any(mark in text for text in texts for mark in ("bin", "site-packages", "/root"))
            layer.open = layer.open or script or moves or (name in _RUNS - {"bash", "sh", "su"})
            for step in steps(self.source, words):
                self._install(layer, local, words, step)

    def _environment(self, layer: Layer, local: dict[str, str], texts: list[str]) -> None:
        """Take note of virtual environments that are made or entered, and of Poetry's settings."""
        plain = [text for text in texts if not text.startswith("-")]
        if "venv" in texts[1:3] or texts[0].rpartition("/")[2] in ("virtualenv", "pyvenv"):
            target = plain[-1] if plain[-1] not in ("venv", "virtualenv") or texts[-2:] == ["venv", "venv"] else ".venv"
            layer.environments += (layer.absolute(layer.filled(target)),)
        if texts[0] in (".", "source") and len(texts) > 1 and texts[1].endswith("/bin/activate"):
            local["VIRTUAL_ENV"] = layer.absolute(layer.filled(texts[1].removesuffix("/bin/activate")))
        key = next((text for text in texts if text.startswith("virtualenvs.")), "") if "config" in texts else ""
        if key and texts[-1] != key:
            value = texts[texts.index(key) + 1]
            layer.env[f"POETRY_{key.replace('.', '_').replace('-', '_').upper()}"] = value
            local.update(layer.env)
        if "--relocatable" in texts or any(text.startswith("PATH=") for text in texts):
            layer.open = True

    def _install(self, layer: Layer, env: Mapping[str, str], words: list[Word], step: Step) -> None:
        bare = re.split(r"[\[=<>~! ]", step.text)[0].lower()
        if step.kind == "name" and bare in _TOOLS:
            return
        if step.kind == "system":
            layer.open = layer.open or bare.startswith(("python3-", "gunicorn", "uwsgi", "uvicorn"))
        elif step.kind in ("name", "file", "project"):
            texts = [word.text for word in words]
            place = of_uv_pip(layer, env, texts, step) if "uv" in texts else of_pip(layer, env, texts, step)
            layer.places += (place,) if place is not None else ()
            layer.open = layer.open or place is None
        elif step.kind in ("poetry", "pipenv") and step.text in ("install", "sync"):
            place = (
                of_poetry(layer, {**self.poetry, **env}, step) if step.kind == "poetry" else of_pipenv(layer, env, step)
            )
            layer.places += (place,) if place is not None else ()
            layer.open = layer.open or place is None
        elif step.kind == "uv":
            place = of_uv(layer, env, step)
            layer.places += (place,) if place is not None else ()
            layer.open = layer.open or place is None
        elif step.kind not in ("limits", "lock", "poetry", "pipenv"):
            layer.open = True


def _carried(folder: str, path: str, target: str) -> str | None:
    """Return where a folder comes to stand when a path is copied to a target; None where it is no part of that."""
    if folder == path:
        return target
    root = path.rstrip("/")
    return posixpath.join(target, folder[len(root) + 1 :]) if folder.startswith(f"{root}/") else None


_HANDLERS = {
    "ENV": _Reader.take_variables,
    "ARG": _Reader.take_variables,
    "WORKDIR": _Reader.take_folder,
    "USER": _Reader.take_user,
    "COPY": _Reader.take_copy,
    "RUN": _Reader.take_command,
}
