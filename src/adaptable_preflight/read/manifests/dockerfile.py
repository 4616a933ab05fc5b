"""A Dockerfile as the list of what its image will hold: the base, the `RUN` lines that install, and their files."""

import fnmatch
import posixpath
import re
from typing import NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import (
    BuildFailure,
    BuildStep,
    Gap,
    Image,
    Manifest,
    MissingSource,
    Requirement,
    SystemPackage,
    Unreached,
    Unreadable,
)
from adaptable_preflight.read.image_programs import unreached
from adaptable_preflight.read.manifests import Reading, Site, conda, pipfile, project, pyproject, requirements
from adaptable_preflight.read.manifests.docker_commands import Step, commands, steps
from adaptable_preflight.read.manifests.docker_copies import CopyLine, copy_line, takes_from_image
from adaptable_preflight.read.manifests.docker_failures import failures
from adaptable_preflight.read.manifests.docker_groups import WITHOUT_PROJECT, groups
from adaptable_preflight.read.manifests.docker_sources import missing_sources
from adaptable_preflight.read.manifests.docker_stages import Instruction, Stage, chain, needed, stages
from adaptable_preflight.read.manifests.lines import requirement
from adaptable_preflight.read.manifests.tools import poetry_project, uv_project
from adaptable_preflight.source import Source

_PLAIN_BASES = late_pattern(
    r"(?:(?:docker\.io/)?(?:library/)?)(?:python|debian|ubuntu|alpine|buildpack-deps|amazonlinux|fedora|centos|rockylinux)(?::|@|$)"
    r"|(?:ghcr\.io/)?astral-sh/uv|(?:docker\.io/)?(?:continuumio|mambaorg|condaforge)/|public\.ecr\.aws/docker/library/python"
    r"|(?:mcr\.microsoft\.com/)(?:vscode/)?devcontainers/python|gcr\.io/distroless/python"
)
_STANDARD = ("uvicorn", "httptools", "python-dotenv", "pyyaml", "uvloop", "watchfiles", "websockets")
"""What `uvicorn[standard]` is."""
_SUPPLIED_BASES = {
    "tiangolo/uvicorn-gunicorn-fastapi": ("fastapi", "gunicorn", *_STANDARD),
    "tiangolo/uvicorn-gunicorn-starlette": ("starlette", "gunicorn", *_STANDARD),
    "tiangolo/uvicorn-gunicorn": ("gunicorn", *_STANDARD),
    "tiangolo/meinheld-gunicorn-flask": ("flask", "meinheld", "gunicorn"),
    "tiangolo/meinheld-gunicorn": ("meinheld", "gunicorn"),
    "tiangolo/uwsgi-nginx-flask": ("flask", "uwsgi"),
    "tiangolo/uwsgi-nginx": ("uwsgi",),
}
"""Images that hold Python servers already (https://github.com/tiangolo, read 2026-11-23)."""


_CHECKOUT = "/checkout"
"""Where a build without an image stands."""


class Build(NamedTuple):
    """What an image will hold."""

    manifests: tuple[Manifest, ...]
    unreadable: tuple[Unreadable, ...]
    image: Image | None
    system: tuple[SystemPackage, ...]
    supplied: tuple[str, ...]
    steps: tuple[BuildStep, ...] = ()
    missing_sources: tuple[MissingSource, ...] = ()
    failures: tuple[BuildFailure, ...] = ()
    unreached: Unreached | None = None


def read(path: str, site: Site) -> Build:
    """Return what the image of a Dockerfile will hold, its last stage with those that it is made from."""
    source = site.checkout.read(path)
    if not isinstance(source, Source):
        return Build((Manifest(path, "dockerfile", True, complete=False),), (), None, (), ())
    found = stages(source)
    return _Image(source, site, found).build()._replace(unreached=unreached(found, source, site.checkout))


def of_command(source: Source, start: int, end: int, folder: str, site: Site) -> Build:
    """Return what a build command installs that runs in a folder of the checkout and not in an image."""
    image = _Image(source, site, ())
    image.copies.append((".", _CHECKOUT))
    image.folder = posixpath.normpath(posixpath.join(_CHECKOUT, folder))
    image.run(start, end)
    return image.build()


def python_of(path: str, site: Site) -> str:
    """Return the version of Python of the base image, such as `3.11`; empty where its name does not tell."""
    source = site.checkout.read(path)
    version = ""
    for stage in needed(stages(source)) if isinstance(source, Source) else ():
        match = re.search(r"python(?:[:-]|\d*:)v?(\d\.\d+)|python(\d\.\d+)", stage.base)
        version = (match[1] or match[2]) if match else version
    return version


class _Image:
    """An image in the making: the working folder and the files copied so far, and what was installed."""

    def __init__(self, source: Source, site: Site, stages: tuple[Stage, ...]) -> None:
        self.source = source
        self.site = site
        self.stages = needed(stages)
        self.names = {stage.name for stage in stages if stage.name}
        self.last = stages[-1] if stages else None
        self.stage = self.last
        """The stage that is being read."""
        self.folder = "/"
        self.copies: list[tuple[str, str]] = []
        self.made: list[Step] = []
        self.locking: set[str] = set()
        self.requirements: list[Requirement] = []
        self.opaque: list[Gap] = []
        self.unreadable: list[Unreadable] = []
        self.others: list[Manifest] = []
        self.system: list[SystemPackage] = []
        self.supplied: list[str] = []
        self.steps: list[BuildStep] = []
        self.variables: list[str] = []

    def build(self) -> Build:
        for stage in self.stages:
            self._base(stage)
            self.stage = stage
            self.folder = "/"
            for one in stage.instructions:
                self._take(one)
        own = Manifest(
            self.source.path, "dockerfile", True, tuple(self.requirements), not self.opaque, opaque=tuple(self.opaque)
        )
        copied = tuple(stage.base for stage in self.stages if stage.base not in self.names and stage is not self.last)
        foreign = any(takes_from_image(one, self.names) for stage in self.stages for one in stage.instructions)
        lowest = chain(self.last, self.stages)[-1].base if self.last else ""
        image = Image(lowest, self.last.span, self.source.path, copied, foreign) if self.last else None
        return Build(
            (*self.others, own),
            tuple(self.unreadable),
            image,
            tuple(self.system),
            tuple(self.supplied),
            tuple(self.steps),
            missing_sources(self.stages, self.source, self.site.checkout),
            tuple(failures(self.stages, self.source, self.site.checkout)),
        )

    def _base(self, stage: Stage) -> None:
        if stage.base.lower() in self.names:
            return
        bare = re.split(r"[:@]", stage.base)[0]
        if bare in _SUPPLIED_BASES:
            self.supplied.extend(_SUPPLIED_BASES[bare])
        elif not _PLAIN_BASES.match(stage.base) and stage.base != "scratch":
            self.opaque.append(Gap(stage.span, f"what the image «{stage.base}» holds is not known"))

    def _take(self, one: Instruction) -> None:
        if one.word == "WORKDIR":
            self.folder = posixpath.normpath(posixpath.join(self.folder, one.text.strip().strip("\"'")))
        elif one.word in ("ARG", "ENV"):
            self.variables.extend(re.findall(r"(?:^|\s)([A-Za-z_]\w*)(?==|\s|$)", one.text))
        elif (line := copy_line(one)) is not None:
            self._copy(line)
        elif one.word == "RUN":
            for mount in re.finditer(r"--mount=(\S*type=bind\S*)", one.text):
                parts = dict(part.partition("=")[::2] for part in mount[1].split(","))
                target = parts.get("target") or parts.get("dst") or parts.get("destination") or ""
                if "from" not in parts and target:
                    self.copies.append((parts.get("source") or parts.get("src") or target, self._absolute(target)))
            self.run(one.start, one.end)

    def run(self, start: int, end: int) -> None:
        """Take in what a command of a shell installs; `cd` holds as long as it runs."""
        folder = self.folder
        for words in commands(self.source, start, end):
            span = self.source.span(words[0].start, words[-1].end)
            text = self.source.text[words[0].start : words[-1].end]
            self.steps.append(BuildStep(text, span, tuple(self.variables)))
            if words[0].text == "cd" and len(words) == 2:
                self.folder = self._absolute(words[1].text)
            for step in steps(self.source, words):
                self._install(step)
        self.folder = folder

    def _absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, path))

    def _copy(self, line: CopyLine) -> None:
        if line.origin is not None or not line.sources:
            return
        sources, target = [word.text for word in line.sources], line.target
        into = target.endswith("/") or len(sources) > 1 or target in (".", "./") or "*" in sources[0]
        for pattern in sources:
            plain = posixpath.normpath(pattern.lstrip("/") or ".")
            matches = [plain]
            if any(sign in plain for sign in "*?["):
                matches = [path for path in self.site.checkout.paths if fnmatch.fnmatch(path, plain)]
            for match in matches:
                is_folder = match == "." or self.site.checkout.is_folder(match)
                name = posixpath.basename(match) if into and not is_folder else ""
                self.copies.append((match, posixpath.join(self._absolute(target), name).rstrip("/")))

    def _path(self, inside: str) -> str | None:
        """Return the file of the repository that a path of the image is a copy of."""
        whole = self._absolute(inside)
        for origin, place in reversed(self.copies):
            if whole == place:
                found: str | None = join("", origin)
            elif whole.startswith(f"{place.rstrip('/')}/"):
                found = join(origin, whole[len(place.rstrip("/")) + 1 :])
            else:
                continue
            if found is not None and (self.site.checkout.is_file(found) or self.site.checkout.is_folder(found)):
                return found
        return None

    def _install(self, step: Step) -> None:
        if step.kind == "system":
            self.system.append(SystemPackage(step.text, step.span))
        elif step.kind in ("name", "conda-name"):
            self._name(step)
        elif step.kind in ("file", "limits", "conda-file"):
            self._file(step)
        elif step.kind == "project":
            self._project(step)
        elif step.kind == "lock":
            self.locking.add(step.text)
        elif step.kind in ("poetry", "pipenv", "pdm", "uv"):
            self._tool(step)
        else:
            self.opaque.append(Gap(step.span, f"what «{step.text}» installs is not known"))

    def _name(self, step: Step) -> None:
        if "$" in step.text or "://" in step.text:
            self.opaque.append(Gap(step.span, f"what «{step.text}» is cannot be told"))
            return
        text = step.text.replace("=", "==", 1) if step.kind == "conda-name" and "==" not in step.text else step.text
        found = requirement(text, step.span, self.site)
        if isinstance(found, Requirement):
            self.requirements.append(found)
        else:
            self.opaque.append(Gap(step.span, found.why))

    def _file(self, step: Step) -> None:
        path = self._path(step.text)
        if path is None:
            made = next((one for one in self.made if step.text.rpartition("/")[2] in one.options), None)
            if made is None:
                self.opaque.append(Gap(step.span, f"where «{step.text}» comes from is not known"))
            return
        reading = conda.read(path, self.site) if step.kind == "conda-file" else requirements.read(path, self.site)
        if step.kind == "limits":
            return
        self._add(reading)

    def _project(self, step: Step) -> None:
        bare, _, extras = step.text.removesuffix("]").partition("[")
        path = self._path(bare)
        if path is None:  # not the folder was copied, but what the project consists of
            files = (self._path(posixpath.join(bare, name)) for name in ("pyproject.toml", "setup.py"))
            path = next((posixpath.dirname(file) for file in files if file is not None), None)
        reading = (
            project.read(path, self.site, tuple(e.strip() for e in extras.split(",") if e))
            if path is not None
            else None
        )
        if reading is None:
            self.opaque.append(Gap(step.span, f"what «{step.text}» holds is not known"))
        else:
            self._add(reading if "--editable" not in step.options or self._keeps_code() else _alone(reading))

    def _tool(self, step: Step) -> None:
        if any("$" in option for option in step.options):
            self.opaque.append(Gap(step.span, "a variable of the build chooses the groups"))
        site = self.site._replace(groups=groups(step))
        name = "Pipfile" if step.kind == "pipenv" else "pyproject.toml"
        path = self._path(name)
        if step.text in ("export", "requirements"):
            self.made.append(step)
        if path is None:
            self.opaque.append(Gap(step.span, f"where {name} comes from is not known"))
        elif step.kind == "pipenv":
            self._add(pipfile.read(path, site))
        else:
            reading = self._locked(path, step.kind, site)
            editable = step.kind == "poetry" or "--no-editable" not in step.options
            alone = step.text == "export" or not WITHOUT_PROJECT.isdisjoint(step.options)
            self._add(_alone(reading) if alone or (editable and not self._keeps_code()) else reading)

    def _locked(self, path: str, tool: str, site: Site) -> Reading:
        """Return what a project's tool installs, by the lock beside it unless the image makes that anew."""
        if tool in self.locking:
            return pyproject.read(path, site)
        return uv_project(path, site) if tool == "uv" else poetry_project(path, site, f"{tool}.lock")

    def _keeps_code(self) -> bool:
        """Whether the image that is started has the code of this stage, to which an editable install only points."""
        if self.last is None or self.stage is None:
            return False
        below = chain(self.last, self.stages)
        copies = (line for stage in below for one in stage.instructions if (line := copy_line(one)) is not None)
        return self.stage in below or any(self._copies_code(line) for line in copies)

    def _copies_code(self, line: CopyLine) -> bool:
        return line.origin is None or any(self._path(word.text) is not None for word in line.sources)

    def _add(self, reading: Reading) -> None:
        self.others.append(reading.manifest._replace(used=True))
        self.unreadable.extend(reading.unreadable)


def _alone(reading: Reading) -> Reading:
    """Return what is installed without the project itself."""
    return reading._replace(manifest=reading.manifest._replace(roots=()))
