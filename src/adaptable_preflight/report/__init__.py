"""Reports: each module makes one text of a run. They decide nothing, and every exit code is the same for all."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from adaptable_preflight.preflight import Preflight


class Surroundings(NamedTuple):
    """What a report has to know of the place where it is read."""

    prefix: str = ""
    """The checked folder, seen from the repository's root, with a `/` at the end."""
    tree: str = ""
    """The URL below which the files of this commit are shown; empty: nowhere."""
    colour: bool = False
    columns: int = 0
    """How wide the terminal is; 0: it is read in none."""


def render(name: str, run: "Preflight", around: Surroundings = Surroundings()) -> str:  # noqa: B008
    """Return the report of a format as text; each is loaded only when it is asked for."""
    if name == "text":
        from adaptable_preflight.report import text

        return text.render(run, around.colour, around.columns)
    if name == "json":
        from adaptable_preflight.report import json

        return json.render(run)
    if name == "github":
        from adaptable_preflight.report import github

        return github.render(run, around.prefix)
    if name == "summary":
        from adaptable_preflight.report import summary

        return summary.render(run, around.prefix, around.tree)
    return _exported(name, run, around.prefix)


def _exported(name: str, run: "Preflight", prefix: str) -> str:
    if name == "sarif":
        from adaptable_preflight.report import sarif

        return sarif.render(run, prefix)
    if name == "gitlab":
        from adaptable_preflight.report import gitlab

        return gitlab.render(run, prefix)
    from adaptable_preflight.report import junit

    return junit.render(run)
