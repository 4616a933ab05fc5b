"""One requirement as pip reads it (PEP 508): name, extras, version bounds, marker, address.

Most lines are `name==1.2.3`. A pattern takes those that are right beyond doubt; `packaging`, which costs more to
import than a whole run, judges the rest.
"""

import re
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern


class Parsed(NamedTuple):
    """The parts of a requirement; `name` is normalised (PEP 503)."""

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str = ""
    url: str = ""


class Rejected(NamedTuple):
    """Why pip refuses the text; `legacy`: pip before 24.1 took it."""

    why: str
    legacy: bool = False


_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_HEAD = late_pattern(rf"({_NAME})\s*(?:\[([^\]]*)\])?\s*")
_CLAUSE = late_pattern(
    r"(==|!=|>=|<=|~=|<|>)\s*v?\d+((?:\.\d+)*)((?:a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?(\.\*|\+[a-z0-9.]+)?"
)
_SEPARATORS = late_pattern(r"[-_.]+")
_LEGACY = r"(?:===?|~=|!=|<=|>=|<|>)\s*[^,;\s)]+"


def normalised(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return _SEPARATORS.sub("-", name).lower()


def parse(text: str) -> Parsed | Rejected:
    """Return the parts of a requirement (PEP 508), or why pip refuses it."""
    text = text.strip()
    return _plain(text) or _with_address(text) or _with_packaging(text)


def _plain(text: str) -> Parsed | None:
    """Take a requirement of names and plain version bounds; None where anything is odd about it."""
    head = _HEAD.match(text)
    if head is None:
        return None
    bounds, _, marker = text[head.end() :].partition(";")
    bounds = bounds.strip()
    if bounds.startswith("(") and bounds.endswith(")"):
        bounds = bounds[1:-1].strip() or "("
    clauses = [clause.strip() for clause in bounds.split(",")] if bounds else []
    extras = _extras(head[2])
    if extras is None or not all(map(_is_plain, clauses)):
        return None
    specifier = ",".join("".join(clause.split()) for clause in clauses)
    return Parsed(normalised(head[1]), extras, specifier, marker.strip())


def _is_plain(clause: str) -> bool:
    match = _CLAUSE.fullmatch(clause)
    if match is None:
        return False
    operator, more, *_, end = match.groups()
    return (not end or operator in ("==", "!=")) and (operator != "~=" or bool(more))


def _extras(text: str | None) -> tuple[str, ...] | None:
    """Return the extras of a list, sorted; None where one of them is no name."""
    if not text or not text.strip():
        return ()
    names = [name.strip() for name in text.split(",")]
    if not all(re.fullmatch(_NAME, name) for name in names):
        return None
    return tuple(sorted(map(normalised, names)))


def _with_address(text: str) -> Parsed | None:
    """Take a requirement that says where it comes from: `name @ address`."""
    head = _HEAD.match(text)
    match = re.fullmatch(r"@\s*([^\s;\[]\S*)(?:\s+;\s*(.*))?", text[head.end() :]) if head else None
    extras = _extras(head[2]) if head else None
    if head is None or match is None or extras is None:
        return None
    return Parsed(normalised(head[1]), extras, "", (match[2] or "").strip(), match[1])


def _with_packaging(text: str) -> Parsed | Rejected:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        return _rejected(text, str(error).split("\n", 1)[0])
    return Parsed(
        normalised(requirement.name),
        tuple(sorted(map(normalised, requirement.extras))),
        ",".join("".join(part.split()) for part in str(requirement.specifier).split(",")),
        str(requirement.marker or ""),
        requirement.url or "",
    )


def _rejected(text: str, why: str) -> Rejected:
    """Tell what is wrong in words that help, where the mistake is a known one."""
    match = _HEAD.match(text)
    rest = text[match.end() :].partition(";")[0].strip() if match else text
    if match and re.match(r"=[^=]", rest):
        return Rejected(f"a single «=» is no version bound: write «{match[0].strip()}=={rest[1:].strip()}»")
    if match and re.match(r"\d", rest):
        return Rejected(f"there is no «==» between the name and «{rest}»")
    if match and rest and re.fullmatch(rf"{_LEGACY}(?:\s*,\s*{_LEGACY})*", rest):
        return Rejected(f"«{rest}» is no version bound that PEP 440 knows", legacy=True)
    if match and re.match(r"[A-Za-z]", rest):
        return Rejected("it is more than one word: a line names one package")
    return Rejected(why)
