"""Procfiles: one process a line, as Heroku's and Paketo's builders and honcho take them apart."""

import re
from typing import NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Misfit
from adaptable_preflight.source import Source, Span

NAME = "Procfile"
_TEXT = r"(\S(?:[^\r\n]*[^ \t\r\n])?)[ \t]*\r?$"
"""The rest of a line without the white space around it, read in a time that grows with its length only."""
_LINE = late_pattern(rf"^([A-Za-z0-9_-]+):[ \t]*{_TEXT}", re.MULTILINE)
_MISNAMED = late_pattern(r"procfile(?:\.(?:txt|yml|yaml|py|sh))?|procfile\s+|profile", re.IGNORECASE)
_EXAMPLE = late_pattern(r"(?:^|/)(?:examples?|samples?|docs?|tests?|templates?|fixtures)(?:/|$)", re.IGNORECASE)
_MANIFESTS = ("requirements.txt", "Pipfile", "pyproject.toml", "environment.yml", "setup.py")
_SERVER = late_pattern(r"(?:gunicorn|uvicorn|hypercorn|daphne|granian|waitress-serve|uwsgi|(?:flask|streamlit) run)\b")
"""The beginning of a command that serves HTTP for certain."""
_ORDINARY = late_pattern(r"(?:python|gunicorn|uvicorn|flask|web)\b")


class Entry(NamedTuple):
    """One process of a Procfile."""

    name: str
    start: int
    """Where its command begins in the file's text."""
    end: int


def entries(source: Source) -> tuple[Entry, ...]:
    """Return the processes in the order of the file; of several with one name the last counts."""
    found = {match[1]: Entry(match[1], match.start(2), match.end(2)) for match in _LINE.finditer(source.text)}
    return tuple(found.values())


_WITHOUT_COLON = late_pattern(rf"^[ \t]*web(?:[ \t]*=[ \t]*|[ \t]+(?::[ \t]*)?){_TEXT}", re.MULTILINE)


def meant(source: Source) -> tuple[Entry, ...]:
    """Return the processes, and the web process of a line that lacks nothing but the colon right behind the name."""
    found = entries(source)
    match = _WITHOUT_COLON.search(source.text)
    if match is None or any(entry.name == "web" for entry in found):
        return found
    return (*found, Entry("web", match.start(1), match.end(1)))


def misfits(checkout: Checkout, path: str = NAME) -> tuple[Misfit, ...]:
    """Return what is wrong with a Procfile as a whole: its encoding, lines without a colon, no web process."""
    source = checkout.text(path)
    if source is None:
        return ()
    found = list(_encoding(checkout, path, source))
    found += _lines(source)
    found += _conflict(source) or _repeated(source)
    names = [entry.name for entry in entries(source)]
    if "web" not in names:
        found.append(_without_web(source, names))
    return tuple(found)


def _encoding(checkout: Checkout, path: str, source: Source) -> tuple[Misfit, ...]:
    data = checkout.bytes(path)
    if not isinstance(data, bytes):
        return ()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        why = "it is written in UTF-16, so no process is found in it"
        return (Misfit(path, why, source.line_span(1), "save it as UTF-8 without a byte-order mark", True),)
    if data[:3] == b"\xef\xbb\xbf":
        why = "it begins with a byte-order mark, which becomes a part of the first process's name"
        hides_web = [entry.name for entry in entries(source)][:1] == ["web"]
        return (Misfit(path, why, source.line_span(1), "save it as UTF-8 without a byte-order mark", hides_web),)
    return ()


def _lines(source: Source) -> list[Misfit]:
    """Return the lines that name no process."""
    found = []
    for number, line in enumerate(source.text.split("\n"), 1):
        text = line.strip()
        if not text or text.startswith("#") or _LINE.match(line):
            continue
        if not _MARK.match(text):
            why = "this line is not «name: command» and is ignored"
            found.append(Misfit(source.path, why, source.line_span(number), _meant(text)))
    return found


_MARK = late_pattern(r"^(?:<{7}|={7}|>{7})(?: |\r?$)", re.MULTILINE)
"""What git writes around the two sides of a conflict."""


def _conflict(source: Source) -> list[Misfit]:
    """Return the first mark of a merge that was not finished."""
    mark = _MARK.search(source.text)
    if mark is None:
        return []
    why, advice = "a conflict of a merge was not resolved", "keep one of the two sides, and delete the marks"
    line, _ = source.position(mark.start())
    return [Misfit(source.path, why, source.line_span(line), advice, always=True)]


def _repeated(source: Source) -> list[Misfit]:
    """Return each process that a later line of the same name replaces."""
    found, lines = [], dict[str, list[int]]()
    for match in _LINE.finditer(source.text):
        lines.setdefault(match[1], []).append(source.position(match.start())[0])
    for name, (first, *others) in lines.items():
        if others:
            why = f"«{name}» stands on line {others[-1]} again, and only the last one counts"
            advice = "delete the line that is not meant"
            found.append(Misfit(source.path, why, source.line_span(first), advice, always=True))
    return found


def _meant(text: str) -> str:
    """Return what a line without a process was meant to be, where that is plain to see."""
    match = re.match(r"web\s*[:=]?\s+(.*)", text) or re.match(r"web\s*:\s*(.+)", text)
    if match:
        return f"write «web: {match[1]}»"
    if text.startswith("heroku "):
        return "delete the line: it is a command for Heroku's command line"
    return f"write «web: {text}»" if _ORDINARY.match(text) else "write «name: command», or begin the line with «#»"


def _without_web(source: Source, names: list[str]) -> Misfit:
    other = next((name for name in names if name.lower() == "web"), "") or _server(source)
    span = source.line_span(_line_of(source, other)) if other else _first_line(source)
    hint = f"write «web:» instead of «{other}:»" if other else "add a line «web: command»"
    return Misfit(source.path, "it has no process of the name «web»", span, hint)


def _server(source: Source) -> str:
    """Return the name of the one process that starts a web server; empty where none does, or more than one."""
    found = [one.name for one in entries(source) if _SERVER.match(source.text, one.start, one.end)]
    return found[0] if len(found) == 1 else ""


def _line_of(source: Source, name: str) -> int:
    return next((n for n, line in enumerate(source.text.split("\n"), 1) if line.startswith(name + ":")), 1)


def _first_line(source: Source) -> Span:
    lines = source.text.split("\n")
    return source.line_span(next((n for n, line in enumerate(lines, 1) if line.strip()), 1))


_WEB = late_pattern(r"^[ \t]*web\b", re.MULTILINE | re.IGNORECASE)
"""A line for the web process, be it well-formed or not."""


def misnamed(checkout: Checkout) -> tuple[Misfit, ...]:
    """Return the files that look like a Procfile and have another name or stand in a folder."""
    found = []
    for path in checkout.paths:
        folder, _, name = path.rpartition("/")
        right_name = name == NAME
        if path == NAME or (not right_name and (folder or not _MISNAMED.fullmatch(name))):
            continue
        source = checkout.text(path)
        if source is not None and _WEB.search(source.text) and not _EXAMPLE.search(folder):
            found.append(_in_folder(checkout, source, folder) if right_name else _of_other_name(source))
    return tuple(found)


def _of_other_name(source: Source) -> Misfit:
    why, advice = "its name is not «Procfile»", f"name it «{NAME}»"
    if meant(source) != entries(source):
        web = meant(source)[-1]
        why += ", and «web» has no colon"
        advice += f", and write «web: {source.text[web.start : web.end]}»"
    return Misfit(source.path, why, _first_line(source), advice)


def _in_folder(checkout: Checkout, source: Source, folder: str) -> Misfit:
    """Return the misfit of a Procfile in a folder: that of an app which is deployed from there may be meant so."""
    own_app = any(checkout.is_file(f"{folder}/{manifest}") for manifest in _MANIFESTS)
    why = "it stands in a folder, and the platform looks for it at the top"
    advice = f"move it to the top, or have «{folder}» deployed and checked as an app of its own (`path: {folder}`)"
    return Misfit(source.path, why, _first_line(source), advice, mild=own_app)
