"""`incompatible-pins`: versions that are known not to run together."""

from collections.abc import Iterable, Iterator

from adaptable_preflight.facts.clashes import Clash, clashes
from adaptable_preflight.facts.loaded import is_loaded
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.knowledge.tables import Break, bounded
from adaptable_preflight.knowledge.versions import newest_is_in
from adaptable_preflight.model import Deployment, Installed
from adaptable_preflight.source import Span

ID = "incompatible-pins"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The versions that will be installed are known to break when the app is imported."
ANY_PYTHON = ("3.0", "3.99")
"""The ends of what can be set on a platform that does not tell which versions of Python it offers."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each line that this deployment gets for sure, and one for all that another Python spares."""
    open_ones: dict[str, list[Clash]] = {}
    sure_ones: dict[Span, list[Clash]] = {}
    for clash in clashes(deployment):
        if not _is_open(clash, deployment):
            sure_ones.setdefault(clash.requirement.span, []).append(clash)
        elif clash.pair.stops_installation or is_loaded(deployment, clash.pair.package) is not False:
            open_ones.setdefault(clash.requirement.span.path, []).append(clash)
    for span, found in sure_ones.items():
        also = [clash for clash in open_ones.get(span.path, ()) if clash.requirement.span == span]
        yield from _of_line(found, also, deployment)
    for found in open_ones.values():
        yield _together(found, deployment)


def _is_open(clash: Clash, deployment: Deployment) -> bool:
    """Whether the pair breaks only on a Python that somebody may have replaced in the platform's own settings."""
    if clash.unless or clash.pair.other != "python" or deployment.installed.python.sure:
        return bool(clash.unless)
    others = deployment.platform.build.python or ANY_PYTHON
    return not all(newest_is_in(f"=={one}", clash.pair.other_bounds) for one in others)


def _of_line(found: list[Clash], also: list[Clash], deployment: Deployment) -> Iterator[Finding]:
    """Say all that is known of one line: what fails, and the least that mends all of it.

    `also`: what fails besides unless another Python is set; the advice mends that as well.
    """
    requirement = found[0].requirement
    installs = not any(clash.pair.stops_installation for clash in found)
    loaded = is_loaded(deployment, requirement.name) if installs else True
    if loaded is False:
        yield from _idle(found[0], deployment)
        return
    sure = requirement.locked or "==" in requirement.specifier
    more = "".join(f"; nor with {_other(clash, deployment)}: {clash.pair.error}" for clash in found[1:3])
    yield Finding(
        ID,
        (Severity.ERROR if sure else SEVERITY).lowered(loaded is None),
        requirement.span,
        f"{_said(found[0], deployment)} on {deployment.platform.title}: {found[0].pair.error}{more}.",
        _advice([*found, *also], deployment.installed),
        "high" if sure and loaded else "medium",
    )


def _idle(clash: Clash, deployment: Deployment) -> Iterator[Finding]:
    """Say that what would fail is never loaded; nobody wrote the line of a lock."""
    title = deployment.platform.title
    if not clash.requirement.locked:
        yield Finding(
            ID,
            Severity.NOTICE,
            clash.requirement.span,
            f"{_said(clash, deployment)}: {clash.pair.error}. Nothing that {title} serves imports it.",
            "Delete the line, unless a command that you run by hand needs it.",
            "medium",
        )


def _together(found: list[Clash], deployment: Deployment) -> Finding:
    """Say of all pairs of a file at once what the Python decides that runs where nobody has set another."""
    first, *others = found
    title, python = deployment.platform.title, deployment.installed.python.version
    wanted = next((clash.unless for clash in found if clash.unless), "")
    more = f" (and {len(others)} more of its pins)" if others else ""
    return Finding(
        ID,
        Severity.NOTICE,
        first.requirement.span,
        f"{_said(first, deployment)}{more}, unless {f'Python {wanted}' if wanted else 'another Python version'} is set "
        f"on {title}, which runs Python {python} else: {first.pair.error}.",
        f"{_advice([first], deployment.installed)} Or set the Python that they want on {title}, and `python-version` "
        "in these settings.",
        "medium",
        tuple(Related(each.requirement.span, each.pair.error) for each in others[:6]),
    )


def _said(clash: Clash, deployment: Deployment) -> str:
    requirement = clash.requirement
    return f"«{clash.pair.package}{requirement.specifier}» does not run with {_other(clash, deployment)}"


def _other(clash: Clash, deployment: Deployment) -> str:
    other = clash.pair.other
    if other == "python":
        return f"Python {deployment.installed.python.version}"
    found = deployment.installed.find(other)
    return f"{other}{found.specifier}" if found and found.specifier else f"the newest {other}"


def _advice(found: Iterable[Clash], installed: Installed) -> str:
    """Return what mends all of them, rather by another version of the package itself than of several others."""
    pairs = [clash.pair for clash in found]
    if not all(pair.remedies for pair in pairs):
        return f"Delete the line: the app runs without «{pairs[0].package}»."
    by_itself = sorted((pair.remedies for pair in pairs), key=lambda one: -sum(_mends(one, pair) for pair in pairs))
    chosen: list[tuple[str, ...]] = []
    for pair in pairs:
        if not any(_mends(one, pair) for one in chosen):
            chosen.append(next(one for one in by_itself if _mends(one, pair)))
    lines = dict.fromkeys(line for one in chosen for line in (one[0], *_wanting(one[1:], installed)))
    quoted = ["«{}»{}{}".format(*line.partition(" (")) for line in lines]
    return f"Write {' and '.join(filter(None, (', '.join(quoted[:-1]), quoted[-1])))}."


def _wanting(lines: Iterable[str], installed: Installed) -> Iterator[str]:
    """Yield the further lines that no requirement makes unnecessary."""
    for line in lines:
        name, bounds = bounded(line)
        there = installed.find(name)
        if there is None or not newest_is_in(there.specifier, bounds):
            yield line


def _mends(remedies: tuple[str, ...], pair: Break) -> bool:
    """Whether a remedy mends a pair: it is the pair's own, or a version of the package that is not concerned."""
    name, bounds = bounded(remedies[0].partition(" (")[0])
    return remedies == pair.remedies or (
        name == pair.package and bool(bounds) and not newest_is_in(bounds, pair.bounds)
    )
