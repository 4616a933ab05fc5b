"""Language data that the app loads and that nothing puts where it looks."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.library_uses import Used, matches
from adaptable_preflight.facts.unmet_needs import is_taken
from adaptable_preflight.knowledge.needs import Need
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import known_text

_CATCHING = frozenset({"LookupError", "OSError", "IOError", "Exception", "BaseException"})
_FOLDERS = frozenset({"nltk_data"})
"""Where NLTK keeps its data. Source: https://www.nltk.org/data.html."""
_PLACES = ("nltk.data.path", "nltk.data.load", "nltk.data.find")
"""Calls that name other places for it, or look whether it is there."""


class Missing(NamedTuple):
    """A use that fails for want of data."""

    used: Used
    need: Need
    name: str
    at_start: bool
    doubts: int


def missing_data(deployment: Deployment) -> Iterator[Missing]:
    """Yield each use of data that no requirement installs, no file holds and nothing fetches."""
    tried = set[str]()
    for used, need, at_start, unsure in matches(deployment, "language_data.txt"):
        name = _name(used, need)
        if used.catching & _CATCHING:
            tried.add(name)  # whoever catches that it is missing fetches it then, for what comes later too
        elif name and name not in tried and not _is_there(name, need, deployment):
            yield Missing(used, need, name, at_start, unsure)


def _name(used: Used, need: Need) -> str:
    if need.needed != ("{0}",):
        return need.needed[0]
    argument = used.call.argument(0, "name") if used.call is not None else None
    return known_text(argument.value if argument is not None else None) or ""


def _is_there(name: str, need: Need, deployment: Deployment) -> bool:
    """Whether the data is there, or may be; or the library itself is not."""
    installed = deployment.installed
    if not installed.known or not is_taken(need, installed) or _is_installed(name, deployment):
        return True
    if name in deployment.repository.fetched or "*" in deployment.repository.fetched:
        return True
    steps = any(name in step.text or f"{need.package}_data" in step.text.lower() for step in installed.steps)
    return steps or _is_kept(name, deployment) or _is_elsewhere(need, deployment)


def _is_installed(name: str, deployment: Deployment) -> bool:
    told = [r for r in deployment.installed.requirements if r.installed]
    return any(name.replace("_", "-").lower() in r.name or name in r.url for r in told)


def _is_kept(name: str, deployment: Deployment) -> bool:
    """Whether the repository holds the data, or a folder for such data."""
    wanted = {name, f"{name}.zip", *_FOLDERS}
    return any(not wanted.isdisjoint(path.split("/")) for path in deployment.paths)


def _is_elsewhere(need: Need, deployment: Deployment) -> bool:
    """Whether the code or a variable names another place for the data."""
    web = deployment.web
    told = [
        *(name for name, _ in deployment.settings.environment),
        *(name for name, _ in (web.variables if web else ())),
    ]
    calls = any(call.name.startswith(_PLACES) for call in deployment.code.calls)
    return need.package == "nltk" and (calls or "NLTK_DATA" in told)
