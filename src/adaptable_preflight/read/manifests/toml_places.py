"""Where things stand in a TOML file: `tomllib` gives values without positions, and a finding needs the line.

The scan looks at lines, not at grammar: it is used for places alone, after `tomllib` has accepted the text.
"""

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.source import Source, Span

_HEADER = late_pattern(r"[ \t]*\[\[?[ \t]*([^\[\]\n]+?)[ \t]*\]\]?[ \t]*(?:#.*)?$")
_KEY = late_pattern(
    r"""[ \t]*((?:"[^"\n]*"|'[^'\n]*'|[\w-]+)(?:[ \t]*\.[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[\w-]+))*)[ \t]*="""
)
_PART = late_pattern(r""""([^"\n]*)"|'([^'\n]*)'|([\w-]+)""")


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
