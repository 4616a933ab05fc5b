"""What the commands of a Dockerfile's `RUN` lines install: pip, uv, Poetry, Pipenv, PDM, conda and the system's own."""

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.source import Source, Span

_BREAK = late_pattern(r"&&|\|\||[;|\n]|(?<!&)&(?!&)")
_WORD = late_pattern(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""", re.DOTALL)
_PIP = late_pattern(r"(?:.*/)?pip(?:\d(?:\.\d+)?)?$")
_PYTHON = late_pattern(r"(?:.*/)?python(?:\d(?:\.\d+)?)?$")
_VALUED = frozenset(
    {
        "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host", "-t", "--target", "--prefix",
        "--root", "--platform", "--python-version", "--implementation", "--abi", "--no-binary", "--only-binary",
        "--progress-bar", "--timeout", "--retries", "--cache-dir", "--src", "--upgrade-strategy", "--use-feature",
        "-p", "--python", "--log", "--cert", "--config-settings", "-C", "--global-option", "--build-option",
        "--default-timeout", "--root-user-action", "--proxy", "--index-strategy", "--prerelease", "--torch-backend",
        "--link-mode", "--index", "--default-index", "--keyring-provider",
    }
)  # fmt: skip


class Word(NamedTuple):
    """A word of a command without its quotes, and its place in the Dockerfile's text."""

    text: str
    start: int
    end: int


class Step(NamedTuple):
    """One thing that a build installs.

    `kind`: `name` (a requirement), `file` (a requirements file), `limits` (a constraints file), `project` (a folder),
    `poetry`, `uv`, `pipenv`, `pdm`, `conda-file`, `conda-name`, `system` (a package of the system), `unknown`, or
    `lock`: the tool makes its lock anew, so that the one of the repository does not count.
    """

    kind: str
    text: str
    span: Span
    options: tuple[str, ...] = ()


def commands(source: Source, start: int, end: int) -> Iterator[list[Word]]:
    """Yield the simple commands of a `RUN` line, which is a part of the text."""
    text = source.text[start:end]
    blank = re.sub(r"(?m)^[ \t]*#.*\n?", lambda m: " " * len(m[0]), text)
    blank = re.sub(r"\\[ \t]*\r?\n", lambda m: " " * len(m[0]), blank)
    if blank.lstrip().startswith("["):
        blank = re.sub(r'[\[\],"]', " ", blank)
    quoted = re.sub(r""""(?:[^"\\]|\\.)*"|'[^']*'""", lambda m: "x" * len(m[0]), blank)
    position = 0
    for stop in [*(m.span() for m in _BREAK.finditer(quoted)), (len(blank), len(blank))]:
        words = [
            Word(re.sub(r"[\"'\\]", "", m[0]), start + position + m.start(), start + position + m.end())
            for m in _WORD.finditer(blank[position : stop[0]])
        ]
        position = stop[1]
        if words:
            yield words


def steps(source: Source, words: list[Word]) -> Iterator[Step]:
    """Yield what one command installs."""
    words = _bare(words)
    texts = [word.text for word in words]
    if not texts:
        return
    program, verb = texts[0].rpartition("/")[2], texts[1] if len(texts) > 1 else ""
    whole = source.span(words[0].start, words[-1].end)
    if _PIP.match(texts[0]) and verb == "install":
        yield from _pip(source, words[2:])
    elif program == "uv" and texts[1:3] in (["pip", "install"], ["pip", "sync"]):
        yield from _pip(source, words[3:], sync=texts[2] == "sync")
    elif program == "uv" and verb == "sync":
        yield Step("uv", "", whole, tuple(texts[2:]))
    elif program in ("poetry", "uv", "pdm") and verb in ("lock", "update", "add"):
        yield from _locking(source, program, verb, words)
    elif program in ("poetry", "pipenv", "pdm") and verb in ("install", "sync", "export", "requirements"):
        yield Step(program, verb, whole, tuple(texts[2:]))
    elif program in ("conda", "mamba", "micromamba"):
        yield from _conda(source, words)
    elif program in ("apt-get", "apt", "apk", "yum", "dnf", "microdnf") and {"install", "add"} & set(texts[1:4]):
        names = (w for w in words[2:] if not w.text.startswith(("-", "$")) and w.text not in ("install", "add"))
        for word in names:
            yield Step("system", re.split(r"[=<>~]", word.text)[0].lower(), source.span(word.start, word.end))
    elif program in ("make", "tox", "nox", "invoke", "just", "pixi", "rye", "hatch") or program.endswith(".sh"):
        yield Step("unknown", program, whole)


def _locking(source: Source, program: str, verb: str, words: list[Word]) -> Iterator[Step]:
    """Yield what a command that makes a lock does: `update` and `add` install too, as `lock` does not."""
    whole = source.span(words[0].start, words[-1].end)
    yield Step("lock", program, whole)
    if verb == "update":
        yield Step(program, verb, whole, tuple(word.text for word in words[2:]))
    if verb == "add":
        pairs = itertools.pairwise(words[1:])
        added = (word for before, word in pairs if not word.text.startswith("-") and before.text not in _ADD_VALUED)
        yield from (Step("name", word.text, source.span(word.start, word.end)) for word in added)


_ADD_VALUED = frozenset({"-G", "--group", "-E", "--extras", "--extra", "--source", "--platform", "--python", "--index"})


def _bare(words: list[Word]) -> list[Word]:
    """Drop what stands before the program: flags of RUN, assignments, `sudo`, `exec`, `python -m`."""
    while words and (words[0].text.startswith("--") or words[0].text in ("sudo", "exec", "time", "then", "do", "else")
                     or re.match(r"[A-Za-z_]\w*=", words[0].text)):  # fmt: skip
        words = words[1:]
    if len(words) > 2 and _PYTHON.match(words[0].text) and words[1].text == "-m":
        return words[2:]
    return words


def _pip(source: Source, words: list[Word], sync: bool = False) -> Iterator[Step]:
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        text, span = word.text, source.span(word.start, word.end)
        name, equals, value = text.partition("=") if text.startswith("--") else (text, "", "")
        if name in ("-r", "--requirement", "--requirements", "-c", "--constraint", "-e", "--editable"):
            if not equals and position < len(words):
                value, span = words[position].text, source.span(words[position].start, words[position].end)
                position += 1
            kind = {"-r": "file", "-c": "limits", "-e": "project"}[name[:2] if name[1] != "-" else f"-{name[2]}"]
            yield Step(kind, value, span, ("--editable",) if kind == "project" else ())
        elif re.match(r"-[rce].", text) and not text.startswith("--"):
            kind = {"r": "file", "c": "limits", "e": "project"}[text[1]]
            yield Step(kind, text[2:], span, ("--editable",) if kind == "project" else ())
        elif name in _VALUED:
            position += 0 if equals else 1
        elif text in (">", ">>", "2>", "&>", "<"):
            position += 1
        elif text.startswith("-") or re.match(r"\d*[<>]", text):
            continue
        elif sync:
            yield Step("file", text, span)
        else:
            yield Step("project" if _is_path(text) else "name", text, span)


def _is_path(text: str) -> bool:
    return text.startswith((".", "/")) and "://" not in text


def _conda(source: Source, words: list[Word]) -> Iterator[Step]:
    texts = [word.text for word in words]
    for index, text in enumerate(texts):
        if text in ("-f", "--file") and index + 1 < len(texts):
            yield Step("conda-file", texts[index + 1], source.span(words[index + 1].start, words[index + 1].end))
        elif text.startswith("--file="):
            yield Step("conda-file", text[7:], source.span(words[index].start, words[index].end))
    if texts[1:2] == ["install"] and not any(text in ("-f", "--file") for text in texts):
        skip = {i + 1 for i, text in enumerate(texts) if text in ("-c", "--channel", "-n", "--name", "-p", "--prefix")}
        for index, word in enumerate(words[2:], 2):
            if index not in skip and not word.text.startswith("-"):
                yield Step("conda-name", word.text, source.span(word.start, word.end))
