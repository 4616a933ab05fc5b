"""Whether a distribution will be there: declared, supplied by the platform, or brought along by what is declared."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from adaptable_preflight.knowledge.drivers import alternatives
from adaptable_preflight.knowledge.modules import bears
from adaptable_preflight.knowledge.tables import brought_by, direct_needs
from adaptable_preflight.model import Installed


class Presence(NamedTuple):
    """Whether a distribution is installed; None: it cannot be told, because `why`."""

    installed: bool | None
    why: str = ""
    via: str = ""
    """What brings it along, where it is not declared itself."""
    sure: Literal["lock", "closure", "guess"] = "closure"
    """What an absence rests on: a lock that lists everything, the known needs of all that is declared, or the
    knowledge that hardly anything brings this distribution along."""


def presence(installed: Installed, name: str, extra: str = "") -> Presence:
    """Return whether a distribution is installed, and with an extra if one is asked for.

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
        keys = (requirement.name, *(f"{requirement.name}[{e}]" for e in requirement.extras))
        brought, known = brought_by(keys)
        if wanted in brought:
            return Presence(True, via=requirement.name)
        if not known:
            bringing.add(requirement.name)
    if not installed.known:
        return Presence(None, _gap(installed))
    relative = next((one for one in sorted(bringing) if name in one), "")
    if relative:
        return Presence(None, f"«{relative}» may bring it along")
    return Presence(False, sure="guess" if bringing else "closure")


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


def frozen(installed: Installed) -> bool:
    """Whether the declaration is what `pip freeze` writes: everything pinned, and what is brought along listed too."""
    declared = {r.name: r for r in installed.requirements if r.installed}
    if len(declared) < 6 or not all("==" in r.specifier for r in declared.values()):
        return False
    needed = [name for r in declared for name in direct_needs(r)]
    return bool(needed) and sum(name in declared for name in needed) * 2 > len(needed)


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
