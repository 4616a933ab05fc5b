"""One requirement as pip reads it (PEP 508): name, extras, version bounds, marker, address.

Most lines are `name==1.2.3`. A pattern takes those that are right beyond doubt; `packaging`, which costs more to
import than a whole run, judges the rest.
"""

import re
from typing import NamedTuple


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
_EXTRA = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_EXTRAS = rf"(?:\[\s*((?:{_EXTRA}(?:\s*,\s*{_EXTRA})*)?)\s*\])?"
_VERSION = r"v?\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?"
_CLAUSE = rf"(?:(?:==|!=)\s*{_VERSION}(?:\.\*|\+[a-z0-9.]+)?|(?:>=|<=|>|<)\s*{_VERSION}|~=\s*\d+(?:\.\d+)+)"
_PLAIN = re.compile(rf"({_NAME})\s*{_EXTRAS}\s*(\(?)\s*({_CLAUSE}(?:\s*,\s*{_CLAUSE})*)?\s*(\)?)\s*(?:;(.*))?")
_ADDRESS = re.compile(rf"({_NAME})\s*{_EXTRAS}\s*@\s*([^\s;]\S*)(?:\s+;\s*(.*))?")
_SPACE = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[-_.]+")
_LEGACY_CLAUSE = re.compile(r"(?:===?|~=|!=|<=|>=|<|>)\s*[^,;\s)]+(?:\s*,\s*(?:===?|~=|!=|<=|>=|<|>)\s*[^,;\s)]+)*")


def normalised(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return _SEPARATORS.sub("-", name).lower()


def parse(text: str) -> Parsed | Rejected:
    """Return the parts of a requirement (PEP 508), or why pip refuses it."""
    text = text.strip()
    match = _PLAIN.fullmatch(text)
    if match and bool(match[3]) == bool(match[5]) and (match[4] or not match[3]):
        name, extras, _, clauses, _, marker = match.groups()
        return Parsed(normalised(name), _extras(extras), _SPACE.sub("", clauses or ""), (marker or "").strip())
    match = _ADDRESS.fullmatch(text)
    if match and "[" not in match[3][:1]:
        name, extras, url, marker = match.groups()
        return Parsed(normalised(name), _extras(extras), "", (marker or "").strip(), url)
    return _with_packaging(text)


def _extras(text: str | None) -> tuple[str, ...]:
    return tuple(sorted(normalised(extra) for extra in _SPACE.sub("", text or "").split(",") if extra))


def _with_packaging(text: str) -> Parsed | Rejected:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        return _rejected(text, str(error).split("\n", 1)[0])
    return Parsed(
        normalised(requirement.name),
        tuple(sorted(map(normalised, requirement.extras))),
        ",".join(_SPACE.sub("", part) for part in str(requirement.specifier).split(",")),
        str(requirement.marker or ""),
        requirement.url or "",
    )


def _rejected(text: str, why: str) -> Rejected:
    """Tell what is wrong in words that help, where the mistake is a known one."""
    match = re.match(rf"({_NAME})\s*{_EXTRAS}\s*", text)
    rest = text[match.end() :].partition(";")[0].strip() if match else text
    if match and re.match(r"=[^=]", rest):
        return Rejected(f"a single «=» is no version bound: write «{match[0].strip()}=={rest[1:].strip()}»")
    if match and re.match(r"\d", rest):
        return Rejected(f"there is no «==» between the name and «{rest}»")
    if match and rest and _LEGACY_CLAUSE.fullmatch(rest):
        return Rejected(f"«{rest}» is no version bound that PEP 440 knows", legacy=True)
    if match and re.match(r"[A-Za-z]", rest):
        return Rejected("it is more than one word: a line names one package")
    return Rejected(why)
