"""Reports: each module makes one text of a run. They decide nothing, and every exit code is the same for all."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from adaptable_preflight.preflight import Preflight


def render(name: str, run: "Preflight") -> str:
    """Return the report of a format as text."""
    return _REPORTS[name](run)


def _text(run: "Preflight") -> str:
    from adaptable_preflight.report import text

    return text.render(run)


def _json(run: "Preflight") -> str:
    from adaptable_preflight.report import json

    return json.render(run)


_REPORTS: "Final[dict[str, Callable[[Preflight], str]]]" = {"text": _text, "json": _json}
