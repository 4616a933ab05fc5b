"""Whether a distribution will be there: declared, supplied by the platform, or brought along by what is declared."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from adaptable_preflight.knowledge.drivers import alternatives
from adaptable_preflight.knowledge.modules import bears, familiar, providers
from adaptable_preflight.knowledge.tables import brought_by, direct_needs, needs_of_some, share_bringing
from adaptable_preflight.knowledge.versions import newest_is_in
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Installed, Requirement


class Presence(NamedTuple):
    """Whether a distribution is installed; None: it cannot be told, because `why`."""

    installed: bool | None
    why: str = ""
    via: str = ""
    """What brings it along, where it is not declared itself."""
    sure: Literal["lock", "closure", "guess"] = "closure"
    """What an absence rests on: a lock that lists everything, the known needs of all that is declared, or the
    knowledge that hardly anything brings this distribution along."""
    unfamiliar: tuple[str, ...] = ()
    """The declared distributions of which it is not known what they bring."""


def presence(installed: Installed, name: str, extra: str = "", but: str = "") -> Presence:
    """Return whether a distribution is installed, and with an extra if one is asked for.

    `but`: one that does not bring it in the version that is installed, whatever others did; its extras may.

    A complete lock lists what comes along too, in the versions that it chose: what others bring in theirs is no matter.
    """
    name = name.lower().replace("_", "-").replace(".", "-")
    declared = [r for r in installed.requirements if r.installed]
    for requirement in declared:
        if requirement.name == name and (not extra or extra in requirement.extras or requirement.locked):
            return Presence(True, via=name)
    if name in installed.supplied and not extra:
        return Presence(True, "the platform brings it", name)
    if installed.known and _closed(installed):
        return Presence(False, sure="lock")
    wanted = f"{name}[{extra}]" if extra else name
    bringing: set[str] = set()
    for requirement in declared:
        brought, known = brought_by(_keys(requirement), but)
        if wanted in brought:
            return Presence(True, via=requirement.name)
        if not known:
            bringing.add(requirement.name)
    if not installed.known:
        return Presence(None, _gap(installed))
    relative = next((one for one in sorted(bringing) if name in one), "")
    if relative:
        return Presence(None, f"«{relative}» may bring it along")
    return Presence(False, sure="guess" if bringing else "closure", unfamiliar=tuple(sorted(bringing)))


def _keys(one: Requirement) -> tuple[str, ...]:
    """Return a requirement with its extras, and what only its version needs."""
    some = (row for row in needs_of_some() if row.package == one.name and newest_is_in(one.specifier, row.bounds))
    return (one.name, *(f"{one.name}[{extra}]" for extra in one.extras), *(need for row in some for need in row.needs))


def likely_bearer(found: Presence, name: str, framework: str, installed: Installed) -> str:
    """Return a declared distribution that may well bring one that is not declared; empty where none does, as a rule.

    What brings the app's framework may bring what serves it, too: a company's own base for all its apps does.
    """
    if framework and found.unfamiliar and presence(installed, framework).installed is not True:
        return next((one for one in found.unfamiliar if framework in one), found.unfamiliar[0])
    likely = len(found.unfamiliar) * share_bringing((name,)) >= _DOUBT
    return found.unfamiliar[0] if likely else ""


def installed_scheme(installed: Installed, dialect: str, asynchronous: bool) -> str:
    """Return the first scheme, of those that a URL may name, whose driver is certain to be there; "" for none."""
    for scheme, driver in alternatives(dialect, asynchronous):
        if any(presence(installed, name).installed is True for name in driver.names):
            return scheme
    return ""


def may_bring(installed: Installed, module: str, bearing: Callable[[str, str], bool] = bears) -> bool:
    """Whether something that is installed bears a module's name, so that it may well hold the module."""
    names = [r.name for r in installed.requirements if r.installed]
    return any(bearing(name, module) for name in {*names, *brought_by(names)[0]})


def is_brought(installed: Installed, module: str) -> bool:
    """Whether a distribution of that name, or one that is known to hold the module, is installed or may be."""
    known = providers(module)
    states = [presence(installed, name).installed for name in known.names] if known is not None else [None]
    declared = (r.name for r in installed.requirements if r.installed)
    unsure = familiar(module) and None in states
    return True in states or unsure or any(_namesake(module, name) for name in declared)


_LABEL = late_pattern(r"^(?:python|py|django|flask)-?|-?(?:python|py|django|flask)$")
"""What a distribution's name has more than the name of its module, most often."""


def _namesake(module: str, distribution: str) -> bool:
    return _LABEL.sub("", distribution).replace("-", "_") == module.partition(".")[0].lower()


def frozen(installed: Installed) -> bool:
    """Whether the declaration is what `pip freeze` writes: everything pinned, and what is brought along listed too."""
    declared = {r.name: r for r in installed.requirements if r.installed}
    if len(declared) < 6 or not all("==" in r.specifier for r in declared.values()):
        return False
    needed = [name for r in declared for name in direct_needs(r)]
    return bool(needed) and sum(name in declared for name in needed) * 2 > len(needed)


def opaque(installed: Installed) -> list[str]:
    """Return the declared distributions of which it is not known what they bring along."""
    return [r.name for r in installed.requirements if r.installed and not brought_by((r.name,))[1]]


_DOUBT = 0.1
"""How many of the distributions whose needs are not known may bring one, so that its absence is worth a notice."""


Absence = Literal["lock", "known", "listed", "unlikely"]


def absence(installed: Installed, names: tuple[str, ...], but: str = "") -> Absence | None:
    """Return why nothing that is declared brings any of some distributions; None where something does or may.

    A `lock` lists everything; all needs of what is declared are `known`; or they are not, and what comes along is
    `listed` too as `pip freeze` does it; or hardly any distribution brings one of these, so that it is `unlikely`.
    """
    states = [presence(installed, name, but=but) for name in names]
    if any(state.installed is not False for state in states):
        return None
    if states[0].sure == "lock":
        return "lock"
    unknown = opaque(installed)
    if not unknown:
        return "known"
    if frozen(installed):
        return "listed"
    return "unlikely" if len(unknown) * share_bringing(names) < _DOUBT else None


def _closed(installed: Installed) -> bool:
    used = [manifest for manifest in installed.manifests if manifest.used]
    return bool(used) and all(manifest.closed for manifest in used)


def _gap(installed: Installed) -> str:
    for manifest in installed.manifests:
        if manifest.used and manifest.opaque:
            return manifest.opaque[0].why
    if installed.unreadable:
        return installed.unreadable[0].why
    return "no dependency file that the platform uses could be read"
