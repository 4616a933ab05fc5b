"""Steps of a Dockerfile at which the build of its image ends for certain.

Sources: for what BuildKit refuses,
https://github.com/moby/buildkit/blob/v0.26.0/frontend/dockerfile/instructions/parse.go; `--no-dev` is no option of
Poetry's commands since 2.0, which takes Python 3.9 or newer (https://github.com/python-poetry/poetry/blob/2.0.0/CHANGELOG.md).
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.knowledge.debian import is_archived, lacks, release_of
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import BuildFailure
from adaptable_preflight.read.image_contents import is_familiar
from adaptable_preflight.read.manifests.docker_commands import Word, commands, steps
from adaptable_preflight.read.manifests.docker_copies import copy_line
from adaptable_preflight.read.manifests.docker_stages import Instruction, Stage, chain
from adaptable_preflight.source import Source

_KNOWN: Final = frozenset(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME "
    "WORKDIR".split()
)
_OTHER_SYNTAX = late_pattern(
    r"(?i)\A(?:#[^\n]*\n)*?#\s*(?:escape\s*=|syntax\s*=(?!\s*(?:docker\.io/)?docker/dockerfile))|\{[{%]"
)
"""Another language than the usual one, or a template of a Dockerfile."""
_MENDED = late_pattern(r"archive\.debian|sources\.list|apt-add|add-apt|nodesource|\.deb\b")
"""A step that may take packages from elsewhere."""
_POETRY_2 = late_pattern(r"poetry(?:(?:==|>=|~=)2[\d.*]*|>=1[\d.*]*)?")
_OPEN = late_pattern(r"\$|://|^-$|^/dev/")
_FETCHES = late_pattern(r"\b(?:git|hg|curl|wget|tar|unzip|rsync|gsutil|aws)\b|\.sh\b|<<|--mount")
_PYTHON = late_pattern(r"(?:docker\.io/)?(?:library/)?python:3\.(\d+)\S*")


def failures(stages: list[Stage], source: Source, checkout: Checkout) -> Iterator[BuildFailure]:
    """Yield what ends the build of the stages, each kind once for each stage."""
    if _OTHER_SYNTAX.search(source.text):
        return
    for stage in stages:
        yield from _refused(stage, source)
        whole = chain(stage, stages)
        ordered = [one for each in reversed(whole) for one in each.instructions]
        yield from _Run(whole[-1].base, source, ordered, checkout).failing(stage)


def _refused(stage: Stage, source: Source) -> Iterator[BuildFailure]:
    """Yield the lines that are no instruction, or one without what it needs."""
    for one in stage.instructions:
        start = source.text.rfind("\n", 0, one.start) + 1
        span = source.line_span(source.position(one.start)[0])
        if one.word not in _KNOWN:
            word = source.text[start : one.start].strip()
            advice = "Write an instruction before it, or «\\" + "» at the end of the line above."
            yield BuildFailure(span, f"«{word}» is no instruction of a Dockerfile", advice)
        elif one.word in ("COPY", "ADD") and "<<" not in one.text and copy_line(one) is None:
            advice = f"Write the target too: `{one.word} {one.text.strip()} ./`."
            yield BuildFailure(span, f"{one.word} is told what to copy, and not where to", advice)


class _Run(NamedTuple):
    """The commands of a stage, with all that ran below it."""

    base: str
    source: Source
    instructions: list[Instruction]
    checkout: Checkout

    def failing(self, stage: Stage) -> Iterator[BuildFailure]:
        """Yield the first command that fails and takes its step with it."""
        for one in stage.instructions:
            if one.word == "RUN" and not self._goes_on(one.text):
                every = (self._of_command(words, one) for words in commands(self.source, one.start, one.end))
                found = next((failure for failure in every if failure is not None), None)
                if found is not None:
                    yield found
                    return

    def _goes_on(self, text: str) -> bool:
        """Whether a step may succeed though one of its commands fails."""
        return "||" in text or (";" in text and "set -e" not in text)

    def _of_command(self, words: list[Word], one: Instruction) -> BuildFailure | None:
        texts = [word.text for word in words]
        if "apt-get" in texts[:2] or "apt" in texts[:2]:
            return self._of_apt(words)
        if "poetry" in texts[:2] and "install" in texts and "--no-dev" in texts and self._has_poetry_2(one):
            word = words[texts.index("--no-dev")]
            span = self.source.span(word.start, word.end)
            why = "Poetry 2 knows no option «--no-dev», and no step asks for an older Poetry"
            return BuildFailure(span, why, "Write «--only main» instead of «--no-dev».")
        return self._of_pip(words, one)

    def _of_pip(self, words: list[Word], one: Instruction) -> BuildFailure | None:
        """Return the failure of a `pip install -r` whose file nothing has brought into the image yet."""
        asked = next((step for step in steps(self.source, words) if step.kind == "file"), None)
        if asked is None or _OPEN.search(asked.text) or "--mount" in one.text or not is_familiar(self.base):
            return None
        name = posixpath.basename(asked.text)
        before = self.instructions[: self.instructions.index(one)]
        first = one._replace(text=self.source.text[one.start : words[0].start])
        if any(self._may_bring(each, name) for each in (*before, first)):
            return None
        why = f"no step before this one brings «{name}» into the image"
        return BuildFailure(asked.span, why, f"Copy it first: `COPY {name} ./`.")

    def _may_bring(self, one: Instruction, name: str) -> bool:
        line = copy_line(one)
        if line is not None:
            files = [posixpath.normpath(f"/{word.text}").lstrip("/") for word in line.sources]
            plain = line.origin is None and files and all(self.checkout.is_file(path) for path in files)
            return not plain or name in [posixpath.basename(path) for path in (*files, line.target)]
        return one.word in ("RUN", "ONBUILD", "COPY", "ADD") and (
            name in one.text or _FETCHES.search(one.text) is not None
        )

    def _of_apt(self, words: list[Word]) -> BuildFailure | None:
        release = release_of(self.base)
        asks = {"update", "install"}.intersection(word.text for word in words)
        if not release or not asks or any(_MENDED.search(one.text) for one in self.instructions):
            return None
        span = self.source.span(words[0].start, words[-1].end)
        if is_archived(release):
            why = f"the packages of «{release}», the Debian of «{self.base}», have left Debian's servers"
            return BuildFailure(span, why, "Build on a newer image, such as «python:3.12-slim-bookworm».")
        asked = (step for step in steps(self.source, words) if step.kind == "system")
        missing = next((step for step in asked if lacks(release, step.text)), None)
        if missing is None:
            return None
        why = f"«{release}», the Debian of «{self.base}», has no package «{missing.text}»"
        return BuildFailure(
            missing.span, why, "Install what took its place, or name an older Debian in the image's tag."
        )

    def _has_poetry_2(self, one: Instruction) -> bool:
        """Whether the newest Poetry is what an earlier step installs."""
        python = _PYTHON.fullmatch(self.base)
        before = self.instructions[: self.instructions.index(one) + 1]
        if python is None or int(python[1]) < 9 or any("POETRY_VERSION" in each.text for each in before):
            return False
        names = [
            step.text
            for each in before
            if each.word == "RUN"
            for words in commands(self.source, each.start, each.end)
            for step in steps(self.source, words)
            if step.kind == "name"
        ]
        asked = [name for name in names if re.match(r"poetry(?![\w-])", name)]
        return bool(asked) and all(_POETRY_2.fullmatch(name) for name in asked)
