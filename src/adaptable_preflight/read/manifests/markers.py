"""Environment markers (PEP 508), evaluated for the Linux that the platform runs.

The comparisons that manifests are full of are decided here; `packaging` decides the rest.
"""

from collections.abc import Callable

from adaptable_preflight.late_pattern import late_pattern

_TOKEN = late_pattern(
    r"\s*(?:(\()|(\))|(and|or)\b|(not\s+in|in)\b|(===|==|!=|<=|>=|~=|<|>)|'([^']*)'|\"([^\"]*)\"|([A-Za-z_][\w.]*))"
)
_VERSIONS = frozenset({"python_version", "python_full_version", "implementation_version"})
_OLD_NAMES = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.version": "platform_version",
    "platform.machine": "platform_machine",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}
_RELEASE = late_pattern(r"\d+(?:\.\d+)*")


class _OddError(Exception):
    """Something that is left to `packaging`."""


def environment(python: str, extra: str = "") -> dict[str, str]:
    """Return the marker variables of a Linux container with this Python (`3.11`, its newest patch)."""
    return {
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.99" if python.count(".") == 1 else python,
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": f"{python}.99" if python.count(".") == 1 else python,
        "platform_release": "",
        "platform_version": "",
        "extra": extra,
    }


def holds(marker: str, python: str, extra: str = "") -> bool | None:
    """Return whether a marker holds on the platform; None where it is no marker, or cannot be told."""
    if not marker:
        return True
    if not python and "python" in marker:
        return None
    values = environment(python or "3.11", extra)
    try:
        return _Reader(marker, values).whole()
    except _OddError:
        return _with_packaging(marker, values)


def _with_packaging(marker: str, values: dict[str, str]) -> bool | None:
    from packaging.markers import Marker

    try:
        return bool(Marker(marker).evaluate(values))
    except (ValueError, KeyError):
        return None


class _Reader:
    """A reader by descent: `or` of `and`s of comparisons and parentheses."""

    def __init__(self, marker: str, values: dict[str, str]) -> None:
        self.tokens = self._cut(marker)
        self.at = 0
        self.values = values

    @staticmethod
    def _cut(marker: str) -> list[tuple[int, str]]:
        tokens, position = [], 0
        marker = marker.strip()
        while position < len(marker):
            match = _TOKEN.match(marker, position)
            if match is None or not match.lastindex:
                raise _OddError
            tokens.append((match.lastindex, match[match.lastindex]))
            position = match.end()
        if len(tokens) > 400:
            raise _OddError
        return tokens

    def _next(self) -> tuple[int, str]:
        if self.at >= len(self.tokens):
            raise _OddError
        self.at += 1
        return self.tokens[self.at - 1]

    def _takes(self, word: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == (3, word):
            self.at += 1
            return True
        return False

    def whole(self) -> bool:
        result = self._either()
        if self.at != len(self.tokens):
            raise _OddError
        return result

    def _either(self) -> bool:
        return self._chain("or", lambda: self._chain("and", self._single, all), any)

    def _chain(self, word: str, part: Callable[[], bool], join: Callable[[list[bool]], bool]) -> bool:
        parts = [part()]
        while self._takes(word):
            parts.append(part())
        return join(parts)

    def _single(self) -> bool:
        kind, text = self._next()
        if kind == 1:
            inner = self._either()
            if self._next()[0] != 2:
                raise _OddError
            return inner
        left = (kind, text)
        operator_kind, operator = self._next()
        right = self._next()
        if operator_kind not in (4, 5):
            raise _OddError
        return self._compare(left, " ".join(operator.split()), right)

    def _compare(self, left: tuple[int, str], operator: str, right: tuple[int, str]) -> bool:
        if left[0] != 8:
            if right[0] != 8 or operator not in ("==", "!=", "in", "not in"):
                raise _OddError
            return _texts(left[1], operator, self._value(right[1]))
        name = _OLD_NAMES.get(left[1], left[1])
        value = self._value(left[1])
        if right[0] == 8:
            raise _OddError
        if name in _VERSIONS and operator not in ("in", "not in"):
            return _versions(value, operator, right[1])
        return _texts(value, operator, right[1])

    def _value(self, name: str) -> str:
        name = _OLD_NAMES.get(name, name)
        if name not in self.values or name in ("platform_release", "platform_version"):
            raise _OddError
        return self.values[name]


def _texts(left: str, operator: str, right: str) -> bool:
    if operator == "==":
        return left == right
    if operator == "!=":
        return left != right
    if operator == "in":
        return left in right
    if operator == "not in":
        return left not in right
    raise _OddError


def _versions(left: str, operator: str, right: str) -> bool:
    any_end = right.endswith(".*")
    release = right[:-2] if any_end else right
    if not _RELEASE.fullmatch(release) or operator in ("===", "~="):
        raise _OddError
    ours, theirs = ([int(n) for n in text.split(".")] for text in (left, release))
    if any_end:
        if operator not in ("==", "!="):
            raise _OddError
        return (ours[: len(theirs)] == theirs) == (operator == "==")
    width = max(len(ours), len(theirs))
    ours += [0] * (width - len(ours))
    theirs += [0] * (width - len(theirs))
    return {
        "==": ours == theirs, "!=": ours != theirs, "<": ours < theirs, "<=": ours <= theirs, ">": ours > theirs,
        ">=": ours >= theirs,
    }[operator]  # fmt: skip
