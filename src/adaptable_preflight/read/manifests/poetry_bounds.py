"""Poetry's own way to bound versions, turned into specifiers of PEP 440.

After https://python-poetry.org/docs/dependency-specification/: `^1.2` keeps the first number that is not zero, `~1.2`
the second one, `1.*` is a wildcard and a bare `1.2` means exactly that.
"""

import re

from adaptable_preflight.late_pattern import late_pattern

_PART = late_pattern(r"(\^|~=|~|===|==|!=|>=|<=|>|<|=)?\s*v?([0-9][0-9A-Za-z.+!*_-]*|\*)")


def specifier(text: str) -> str:
    """Return the specifier for a Poetry constraint; the first of alternatives (`||`) with the widest upper end."""
    alternatives = [part.strip() for part in text.split("||")]
    turned = [_conjunction(part) for part in alternatives]
    return turned[-1] if turned else ""


def _conjunction(text: str) -> str:
    clauses = [_clause(operator, version) for operator, version in _PART.findall(text)]
    return ",".join(clause for clause in clauses if clause)


def _clause(operator: str, version: str) -> str:
    if version == "*":
        return ""
    if operator == "^":
        return f">={version},<{_caret(version)}"
    if operator == "~":
        return f">={version},<{_tilde(version)}"
    if operator in ("", "="):
        return f"=={version}"
    return f"{operator}{version}"


def _numbers(version: str) -> list[int]:
    match = re.match(r"\d+(?:\.\d+)*", version)
    return [int(n) for n in match[0].split(".")] if match else [0]


def _caret(version: str) -> str:
    numbers = _numbers(version)
    at = next((i for i, n in enumerate(numbers) if n), len(numbers) - 1)
    return ".".join(map(str, [*numbers[:at], numbers[at] + 1]))


def _tilde(version: str) -> str:
    numbers = _numbers(version)
    at = min(1, len(numbers) - 1)
    return ".".join(map(str, [*numbers[:at], numbers[at] + 1]))
