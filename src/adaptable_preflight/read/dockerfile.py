"""What a container starts: `CMD` and `ENTRYPOINT` of a Dockerfile's last stage, with its variables and folders.

The rules are those of https://docs.docker.com/reference/dockerfile/.
"""

import fnmatch
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from adaptable_preflight.checkout import SKIPPED_FOLDERS, Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Misfit, Word
from adaptable_preflight.read.candidates import Candidate, exec_words
from adaptable_preflight.read.docker_arguments import elements, pairs, trimmed, without_notes
from adaptable_preflight.read.image_contents import is_familiar, with_contents
from adaptable_preflight.read.image_files import UNSEEN, Copy, Standing, relative, standing
from adaptable_preflight.read.manifests.docker_copies import copy_line
from adaptable_preflight.read.manifests.docker_stages import Instruction, Stage, stages
from adaptable_preflight.read.shell.excerpt import Excerpt, of_source
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Known, Value

NAME = "Dockerfile"

_REFERENCE = late_pattern(r"\\(.)|\$(?:\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\}|([A-Za-z_]\w*))")
_SEARCHED = late_pattern(r"(?:.*\s)?PATH[\s=]", re.DOTALL)
_EMPTY = late_pattern(r"\s*\[\s*\]\s*")
_ARGUMENTS = late_pattern(r"\$\{?[@*0-9]")
"""What a script's own arguments are called. Docker hands `CMD` to the shell that runs `ENTRYPOINT` in shell form too:
its first word is `$0`, and most such scripts look at none of them."""
_WILD = frozenset("*?[")
_MAX_COPIES = 2_000
"""Files and folders that one image is seen to get; where it gets more, nothing is known of what stands in it."""


def misnamed(checkout: Checkout) -> tuple[Misfit, ...]:
    """Return the file whose name differs from «Dockerfile» in case; none where there is a Dockerfile.

    Docker takes `dockerfile` as well, and what looks for a Dockerfile before it calls Docker often does not. Source:
    https://github.com/moby/buildkit/blob/v0.26.0/frontend/dockerui/config.go (`ReadEntrypoint`)
    """
    names = [name for name in checkout.names("") if name.lower() == NAME.lower()]
    if NAME in names:
        return ()
    return tuple(_misnamed(source) for name in names if (source := checkout.text(name)) is not None and stages(source))


def _misnamed(source: Source) -> Misfit:
    why = f"a file is looked for whose name is «{NAME}», with just that capital letter"
    known = source.path == NAME.lower()
    return Misfit(source.path, why, source.line_span(1), f"name it «{NAME}»", mild=known)


def candidates(checkout: Checkout, path: str = NAME, target: str = "") -> Iterator[Candidate]:
    """Yield the web process that the image of a Dockerfile starts, if the Dockerfile says so.

    `target`: the stage that is built; the last one where none of that name is there.
    """
    source = checkout.text(path)
    found = stages(source) if source is not None else ()
    names = [stage.name for stage in found]
    found = found[: names.index(target.lower()) + 1] if target and target.lower() in names else found
    if source is None or not found:
        return
    image = _Image(checkout, source)
    image.build(found, len(found) - 1)
    candidate = image.candidate()
    if candidate is not None:
        yield with_contents(candidate, found, image.folder)


def within(candidate: Candidate, checkout: Checkout, path: str) -> Candidate:
    """Return a command without a shell as the image of a Dockerfile runs it, in place of the image's own."""
    source = checkout.text(path)
    found = stages(source) if source is not None else ()
    if source is None or not found:
        return candidate
    image = _Image(checkout, source)
    image.build(found, len(found) - 1)
    placed = candidate._replace(image=path, **image.surroundings())  # type: ignore[arg-type]
    return with_contents(placed, found, image.folder)


def of_base(checkout: Checkout, path: str = NAME) -> Iterator[Candidate]:
    """Yield the web process of an image whose base may bring its command, where nothing of the repository tells one."""
    source = checkout.text(path)
    found = stages(source) if source is not None else ()
    if source is None or not found:
        return
    image = _Image(checkout, source)
    image.build(found, len(found) - 1)
    if image.base and not is_familiar(image.base) and image.candidate() is None:
        why = f"what the image «{image.base}» starts is not known"
        yield Candidate("web", "dockerfile", found[-1].span, f"FROM {found[-1].base}", None, problem=why, image=path)


class _Match(NamedTuple):
    """One thing that a `COPY` copies."""

    name: str
    """What it is called in a target that is a folder; empty for a folder, whose contents are copied."""
    inside: str
    """The file or folder of the repository."""
    is_file: bool
    """Whether it takes the target's own name where that is no folder."""


class _Image:
    """What an image starts with, while the instructions of its stage are read."""

    def __init__(self, checkout: Checkout, source: Source, built: "dict[int, _Image] | None" = None) -> None:
        self.checkout = checkout
        self.source = source
        self.folder = "/"
        self.variables: dict[str, Value] = {}
        self.arguments: dict[str, str] = {}
        self.defaults: Mapping[str, str] = {}
        self.homes: list[Copy] = []
        self.crowded = False
        """Whether it gets more than is looked at."""
        self.built = built if built is not None else {}
        """The stages that were read, because another one copies from them; all images of a file share them."""
        self.shell: list[str] | None = None
        self.command: Instruction | None = None
        self.entrypoint: Instruction | None = None
        self.stages: tuple[Stage, ...] = ()
        self.base = ""
        """The image of another file on which it is built."""
        self.build_steps = ""

    def build(self, found: tuple[Stage, ...], index: int) -> None:
        """Read a stage on top of the one that it builds on."""
        self.stages = found[:index]
        stage = found[index]
        self.defaults = stage.defaults
        parent = self._named(stage.base)
        if parent is not None:
            self.build(found, parent)
            self.stages = found[:index]
        else:
            self.base = stage.base
            self.build_steps += "" if is_familiar(stage.base) else f"FROM {stage.base}\n"
        inherited = self.command
        for one in stage.instructions:
            steps = one.word in ("RUN", "COPY", "ADD") or (one.word == "ENV" and _SEARCHED.match(one.text) is not None)
            self.build_steps += f"{one.text}\n" if steps else ""
            handler = _HANDLERS.get(one.word)
            if handler is not None:
                handler(self, one)
        changed = any(one.word == "ENTRYPOINT" for one in stage.instructions)
        if changed and self.command is inherited:
            self.command = None  # a new ENTRYPOINT takes away the CMD of the image below

    def _named(self, name: str) -> int | None:
        names = [stage.name for stage in self.stages]
        if name.lower() in names:
            return names.index(name.lower())
        return int(name) if name.isdigit() and int(name) < len(self.stages) else None

    def _filled(self, text: str) -> str:
        """Expand the variables of the build: `ENV` wins over `ARG`."""

        def replace(match: re.Match[str]) -> str:
            if match[1]:
                return match[1]
            name = match[2] or match[5]
            value = self.variables.get(name)
            known = str(value.value) if isinstance(value, Known) else self.arguments.get(name, "")
            if match[3] == "-":
                return known or match[4]
            return (match[4] if known else "") if match[3] == "+" else known

        return _REFERENCE.sub(replace, text)

    def take_arg(self, one: Instruction) -> None:
        """Note a variable that exists while the image is built."""
        for name, value, _ in pairs(one, self.source):
            self.arguments.setdefault(name, self._filled(value) or self.defaults.get(name, ""))

    def take_env(self, one: Instruction) -> None:
        """Note a variable that the container gets."""
        told = [(name, Known(self._filled(value), span)) for name, value, span in pairs(one, self.source)]
        self.variables.update(told)

    def take_folder(self, one: Instruction) -> None:
        """Change the working directory."""
        self.folder = self._absolute(self._filled(one.text.strip().strip("\"'")))

    def take_shell(self, one: Instruction) -> None:
        """Change the shell of the shell form."""
        words = exec_words(of_source(self.source, one.start, one.end))
        self.shell = [word.text or "" for word in words] if words else None

    def take_command(self, one: Instruction) -> None:
        """Note `CMD`; the last one counts, and an empty list leaves none."""
        self.command = None if _EMPTY.fullmatch(one.text) else one

    def take_entrypoint(self, one: Instruction) -> None:
        """Note `ENTRYPOINT`; the last one counts, and an empty list takes away that of the image below."""
        self.entrypoint = None if _EMPTY.fullmatch(one.text) else one

    def _absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, path))

    def take_copy(self, one: Instruction) -> None:
        """Note where files of the repository come to stand in the image."""
        line = copy_line(one)
        if line is None or not line.sources:
            return
        sources, target = [self._filled(word.text) for word in line.sources], self._filled(line.target)
        origin = self._origin(None if line.origin is None else self._filled(line.origin))
        into = target.endswith("/") or len(sources) > 1 or target in (".", "./")
        for name in sources:
            for match in self._matches(name, origin):
                self._place(match, target, into or not _WILD.isdisjoint(name))

    def _origin(self, name: str | None) -> "_Image | None":
        """Return the stage that files are copied from; None where they come from the repository."""
        if name is None:
            return None
        index = self._named(name)
        if index is None:
            return _Image(self.checkout, self.source)
        if index not in self.built:
            self.built[index] = _Image(self.checkout, self.source, self.built)
            self.built[index].build(self.stages, index)
        return self.built[index]

    def _matches(self, name: str, origin: "_Image | None") -> list[_Match]:
        """Return what a source of `COPY` stands for, in the order in which it is copied."""
        if origin is not None:
            return list(origin.below(origin._absolute(name))) or [_Match("", UNSEEN, is_file=False)]
        plain = posixpath.normpath(f"/{name}").lstrip("/")
        found = _globbed(self.checkout, plain) if not _WILD.isdisjoint(plain) else [plain]
        if len(found) > _MAX_COPIES:
            return [_Match("", UNSEEN, is_file=False)]
        absent = {path for path in found if name.endswith("/") and not self.checkout.is_file(path)}
        folders = absent | {path for path in found if path == "" or self.checkout.is_folder(path)}
        return [
            _Match("" if path in folders else posixpath.basename(path), path, path not in folders) for path in found
        ]

    def below(self, path: str) -> Iterator[_Match]:
        """Yield what a path of this image holds, for a stage that copies from it."""
        for home, inside in self.homes:
            found = relative(path, home, inside)
            if found is not None:
                is_file = self.checkout.is_file(found)
                yield _Match(posixpath.basename(path) if is_file else "", found, is_file)
            elif home.startswith(path.rstrip("/") + "/"):
                yield _Match(home[len(path.rstrip("/")) + 1 :], inside, is_file=False)

    def _place(self, match: _Match, target: str, into: bool) -> None:
        """Note one copy: of a folder its contents are copied, and a file goes into a target that is a folder already.

        Source: https://github.com/tonistiigi/fsutil/blob/master/copy/copy.go (`prepareTargetDir`)
        """
        path = self._absolute(target)
        if not match.is_file or into or self._is_folder(path):
            path = posixpath.join(path, match.name).rstrip("/") or "/"
        if (path, match.inside) in self.homes:
            self.homes.remove((path, match.inside))  # what is copied again comes to lie on top
        self.crowded = self.crowded or len(self.homes) == _MAX_COPIES
        if self.crowded:
            self.homes.clear()
        else:
            self.homes.append((path, match.inside))

    def _is_folder(self, path: str) -> bool:
        """Whether a path of the image is a folder as far as the steps so far made it one."""
        if path == self.folder:  # WORKDIR makes it
            return True
        return any(
            home.startswith(f"{path}/") or (home == path and self.checkout.is_folder(inside))
            for home, inside in self.homes
        )

    def candidate(self) -> Candidate | None:
        """Return what the container starts; None where the Dockerfile leaves that to its base image."""
        main = self.entrypoint or self.command
        if main is None or not main.text.strip():
            return None
        start, end = trimmed(main)
        excerpt = without_notes(of_source(self.source, start, end))
        common = {"image": self.source.path, **self.surroundings()}
        span = self.source.span(start, end)
        words = elements(excerpt)
        if self._are_arguments(words):
            common["problem"] = f"what the image «{self.base}» starts is not known"
        handed_on = self.entrypoint is not None and self.command is not None
        handed_on = handed_on and (words is not None or _ARGUMENTS.search(excerpt.text) is not None)
        if words is None and self.shell is None and not handed_on:
            return Candidate("web", "dockerfile", span, excerpt.text, excerpt, **common)  # type: ignore[arg-type]
        words = words or self._by_shell(excerpt, span)
        if handed_on:
            words = (*words, *self._further())
        return Candidate("web", "dockerfile", span, excerpt.text, None, words, **common)  # type: ignore[arg-type]

    def surroundings(self) -> dict[str, object]:
        """Return what a command of the image finds around it, as the fields of a candidate."""
        newest_first = [home for home in self.homes[::-1] if not home[1].startswith(UNSEEN)]
        homes = tuple(sorted(newest_first, key=lambda home: -len(home[0])))
        here = standing(self.folder, self.homes, self.checkout) if not self.crowded else None
        merged, first = self._meeting(here)
        return {
            "folder": here.folder if here is not None else "",
            "merged": merged,
            "homes": tuple(sorted((*first, *homes), key=lambda home: -len(home[0]))),
            "variables": tuple(self.variables.items()),
            "problem": f"which files stand in «{self.folder}» of the image is not known" if here is None else "",
            "build": self.build_steps,
        }

    def _are_arguments(self, words: tuple[Word, ...] | None) -> bool:
        """Whether `CMD` can only be meant for an `ENTRYPOINT` of the base image: it begins with an app or an option."""
        if self.entrypoint is not None or not words or is_familiar(self.base):
            return False
        first = words[0].text or ""
        return ":" in first or first.startswith("-")

    def _meeting(self, here: Standing | None) -> tuple[dict[str, str], list[Copy]]:
        """Return the files that stand beside others in the folders of the image, and what each such folder is.

        `here`: what stands in the working directory. Beside it those count into which several folders are copied.
        """
        found = {self.folder: here}
        often = Counter(home for home, inside in dict.fromkeys(self.homes) if not self.checkout.is_file(inside))
        found |= {path: standing(path, self.homes, self.checkout) for path, times in often.items() if times > 1}
        several = [(path, one) for path, one in found.items() if one is not None and one.merged]
        merged = {seen: own for _, one in several for seen, own in one.merged.items()}
        return merged, [(path, one.folder) for path, one in several]

    def _by_shell(self, excerpt: Excerpt, span: Span) -> tuple[Word, ...]:
        """Return the arguments of a command in shell form."""
        shell = [Word(Known(text, span), span) for text in self.shell or ["/bin/sh", "-c"]]
        return (*shell, Word(Known(excerpt.text, span), span))

    def _further(self) -> tuple[Word, ...]:
        """Return the arguments that `CMD` gives to `ENTRYPOINT`."""
        assert self.command is not None
        start, end = trimmed(self.command)
        excerpt = of_source(self.source, start, end)
        return elements(excerpt) or self._by_shell(excerpt, self.source.span(start, end))


_HANDLERS = {
    "ARG": _Image.take_arg,
    "ENV": _Image.take_env,
    "WORKDIR": _Image.take_folder,
    "SHELL": _Image.take_shell,
    "CMD": _Image.take_command,
    "ENTRYPOINT": _Image.take_entrypoint,
    "COPY": _Image.take_copy,
    "ADD": _Image.take_copy,
}


def _globbed(checkout: Checkout, pattern: str) -> list[str]:
    """Return the files and folders that a source of `COPY` names by a pattern, whose signs stand for no «/».

    Source: https://pkg.go.dev/path/filepath#Match
    """
    matches = [""]
    for part in pattern.split("/"):
        matches = [
            posixpath.join(folder, name)
            for folder in matches
            for name in fnmatch.filter(checkout.names(folder), part)
            if name not in SKIPPED_FOLDERS
        ]
        if len(matches) > _MAX_COPIES:
            break  # links that lead upwards let them double at each step
    return matches
