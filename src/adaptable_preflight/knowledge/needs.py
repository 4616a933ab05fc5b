"""What uses of a library need besides what it brings by itself: distributions, and data that no distribution holds."""

from fnmatch import fnmatchcase
from functools import cache
from typing import Literal, NamedTuple

from adaptable_preflight.knowledge.tables import bounded, rows
from adaptable_preflight.late_pattern import late_pattern


class Condition(NamedTuple):
    """What an argument has to be like."""

    position: int
    """From 0; -1: it is only given by name."""
    keyword: str
    key: str
    """The entry of a dictionary that is meant, where the argument is one; empty: the argument itself."""
    patterns: tuple[str, ...]
    """One of these has to fit the argument's text, as shells write patterns; none: any value does."""
    absent: bool = False
    """Whether it must not be given, or not such a value."""
    of_maker: bool = False
    """Whether it is an argument of the call that made the object whose method this is."""

    def fits(self, text: str) -> bool:
        """Whether a text is one of those that are meant."""
        return any(fnmatchcase(text, pattern) for pattern in self.patterns)


class Need(NamedTuple):
    """A use of a library, and the distributions or data of which one has to be there for it."""

    ways: tuple[str, ...]
    """`import`, `call`, `setting`, `base`, `field`, `parameter`, `async` (see `Use`)."""
    names: tuple[str, ...]
    """The dotted names, with `*` for anything; an imported module's stands for all that is in it too."""
    package: str
    """The distribution whose use it is."""
    bounds: tuple[str, ...]
    """The versions of which that is true, in one of these ranges; none: all."""
    python: str
    """The versions of Python for which there are such versions; empty: all."""
    served_by: str
    """The distribution of the server in question; empty: with every server."""
    conditions: tuple[Condition, ...]
    needed: tuple[str, ...]
    """One of these is enough; the first one is what to add. `{0}`: what the first argument names."""
    remedy: tuple[str, str, str]
    """What to add: distribution, extra, bounds."""
    later: bool
    """Whether the use itself passes, and what becomes of it fails in a request."""
    unbounding: frozenset[str]
    """Distributions that need the package and leave its version open."""
    error: str

    def covers(self, name: str) -> bool:
        """Whether a dotted name is one of those that are meant."""
        inside = "import" in self.ways and any(name.startswith(f"{module}.") for module in self.names)
        return inside or any(_covers(pattern, name) for pattern in self.names)

    @property
    def kind(self) -> str:
        """The class of the exception."""
        return self.error.partition(":")[0]


File = Literal["needs.txt", "language_data.txt"]
"""Distributions that uses need, and data."""


def needs(file: File) -> tuple[Need, ...]:
    """Return every row."""
    return tuple(_need(value) for _, value in rows(file))


def needs_of(file: File, way: str, name: str) -> tuple[Need, ...]:
    """Return what using a name in some way may need."""
    values = _by_use(file).get((way, name.partition(".")[0]), ())
    return tuple(need for need in map(_need, values) if need.covers(name))


@cache
def _by_use(file: File) -> dict[tuple[str, str], list[str]]:
    """Return the rows, which nobody took apart yet, by way and top-level module: an app uses a few of them."""
    table: dict[tuple[str, str], list[str]] = {}
    for _, value in rows(file):
        ways, _, names = value.partition(" | ")[0].partition(" ")
        for way in ways.split(","):
            for top in {name.partition(".")[0] for name in names.split()}:
                table.setdefault((way, top), []).append(value)
    return table


@cache
def _need(value: str) -> Need:
    uses, *columns = value.split(" | ")
    ways, _, names = uses.partition(" ")
    versions, conditions, needed, later, unbounding, _, _, error, _ = columns
    (package, bounds), *others = map(bounded, versions.split(" + "))
    told = dict(others)
    terms = [] if conditions == "-" else conditions.split()
    return Need(
        tuple(ways.split(",")),
        tuple(names.split()),
        package,
        tuple(filter(None, bounds.split(" or "))),
        told.get("python", ""),
        next((term.removeprefix("server=") for term in terms if term.startswith("server=")), ""),
        tuple(_condition(term) for term in terms if not term.startswith("server=")),
        tuple(one.partition("@")[0] for one in needed.split()),
        _remedy(needed.split()[0]),
        later == "later",
        frozenset(unbounding.split()) - {"-"},
        error,
    )


def _covers(pattern: str, name: str) -> bool:
    """Match as shells do, in one pass: a name may be as long as a stranger makes it."""
    first, *rest = pattern.split("*")
    if not rest:
        return name == first
    at = len(first) if name.startswith(first) else -1
    for piece in rest[:-1]:
        found = name.find(piece, at) if at >= 0 else -1
        at = found + len(piece) if found >= 0 else -1
    return 0 <= at <= len(name) - len(rest[-1]) and name.endswith(rest[-1])


_REQUIREMENT = late_pattern(r"([^\[<>=!~]+)(?:\[([\w-]+)\])?(.*)")


def _remedy(needed: str) -> tuple[str, str, str]:
    """Return what to add for `name` or `name@requirement`, which brings it in a version that will do."""
    match = _REQUIREMENT.fullmatch(needed.rpartition("@")[2])
    assert match is not None, needed
    return match[1], match[2] or "", match[3]


_TERM = late_pattern(r"(!?)(of\.)?(?:(\d*):)?(\w*)(?:\.(\w+))?(?:=(.+))?")


def _condition(term: str) -> Condition:
    match = _TERM.fullmatch(term)
    assert match is not None, term
    absent, of_maker, position, keyword, key, patterns = match.groups()
    told = tuple(patterns.split(",")) if patterns else ()
    return Condition(int(position) if position else -1, keyword, key or "", told, bool(absent), bool(of_maker))
