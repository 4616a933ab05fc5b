"""Where things stand in a TOML file: `tomllib` gives values without positions, and a finding needs the line.

The scan looks at lines, not at grammar: it is used for places alone, after `tomllib` has accepted the text.
"""

import re
import tomllib
from typing import Any

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Unreadable
from adaptable_preflight.source import Source, Span

_HEADER = late_pattern(r"[ \t]*\[\[?[ \t]*([^\[\]\n]+?)[ \t]*\]\]?[ \t]*(?:#.*)?$")
_KEY = late_pattern(
    r"""[ \t]*((?:"[^"\n]*"|'[^'\n]*'|[\w-]+)(?:[ \t]*\.[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[\w-]+))*)[ \t]*="""
)
_PART = late_pattern(r""""([^"\n]*)"|'([^'\n]*)'|([\w-]+)""")
_ERROR_PLACE = late_pattern(r"\(at line (\d+), column (\d+)\)")
_SIGN = late_pattern(
    r""""{3}(?:[^\\]|\\.)*?"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[][{},\n]""", re.DOTALL
)


def load(source: Source) -> dict[str, Any] | Unreadable:
    """Return the tables of a TOML file, or why it is none."""
    try:
        return tomllib.loads(source.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        match = _ERROR_PLACE.search(str(error))
        line = int(match[1]) if match else source.text.rstrip().count("\n") + 1
        why = f"it is no valid TOML: {str(error).partition(' (at')[0].lower()}"
        return Unreadable(source.path, _merge_hint(source, why), source.line_span(_merge_line(source) or line))
    except RecursionError:
        return Unreadable(source.path, "it is nested too deeply", source.start())


def one_line_tables(text: str) -> str:
    """Return a text whose inline tables may extend over lines and end in a comma, as TOML 1.1 has them, for TOML 1.0.

    uv reads both. Source: https://toml.io/en/v1.1.0#inline-table
    """
    text = text.replace("\r\n", "\n")
    pieces: list[str] = []
    inside: list[str] = []
    end = 0
    for match in _SIGN.finditer(text):
        sign = match[0]
        pieces.append(text[end : match.start()])
        end = match.end()
        in_table = inside[-1:] == ["{"]
        if sign in ("[", "{"):
            inside.append(sign)
        elif sign in ("]", "}") and inside:
            inside.pop()
            last = next((index for index in reversed(range(len(pieces))) if pieces[index].strip()), 0)
            if sign == "}" and pieces[last] == ",":
                pieces[last] = ""
        elif in_table and sign[0] in "#\n":
            sign = " "
        pieces.append(sign)
    return "".join(pieces) + text[end:]


def _merge_line(source: Source) -> int:
    match = re.search(r"^(?:<{7}|>{7}) ", source.text, re.MULTILINE)
    return source.position(match.start())[0] if match else 0


def _merge_hint(source: Source, why: str) -> str:
    return "a merge left its markers behind" if _merge_line(source) else why


class Places:
    """The lines of a TOML file's keys, and of the texts below them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._keys: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        self._headers: dict[tuple[str, ...], list[int]] = {}
        self._taken: set[int] = set()
        self._scan()

    def _scan(self) -> None:
        table: tuple[str, ...] = ()
        offset = 0
        for line in self.source.text.split("\n"):
            bare = line.rstrip("\r")
            if header := _HEADER.match(bare):
                table = _parts(header[1])
                self._headers.setdefault(table, []).append(offset + header.start(1))
            elif key := _KEY.match(bare):
                path = (*table, *_parts(key[1]))
                self._keys.setdefault(path, []).append((offset + key.start(1), offset + len(bare.rstrip())))
            offset += len(line) + 1

    def header(self, *path: str, index: int = 0) -> Span:
        """Return the place of a table's header; the file's start where there is none."""
        found = self._headers.get(path, ())
        if index >= len(found):
            return self.source.start()
        return self.source.line_span(self.source.position(found[index])[0])

    def key(self, *path: str) -> Span:
        """Return the line of a key, or of the table above it."""
        found = self._keys.get(path)
        if found:
            return self.source.span(*found[0])
        return self.key(*path[:-1]) if len(path) > 1 and path not in self._headers else self.header(*path)

    def text(self, text: str, *path: str) -> Span:
        """Return the next place of a quoted text behind a key, each place once; else the key's."""
        found = self._keys.get(path)
        start = found[0][0] if found else 0
        for quoted in (f'"{text}"', f"'{text}'", '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'):
            at = self.source.text.find(quoted, start)
            while at >= 0 and at in self._taken:
                at = self.source.text.find(quoted, at + 1)
            if at >= 0:
                self._taken.add(at)
                return self.source.span(at + 1, at + len(quoted) - 1)
        return self.key(*path)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _PART.findall(text))
