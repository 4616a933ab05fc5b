"""What a requirement says of the version that will be installed."""

from typing import TYPE_CHECKING

from adaptable_preflight.model import Installed

if TYPE_CHECKING:
    from packaging.version import Version


def held_below(installed: Installed, name: str, version: str) -> bool:
    """Whether a requirement holds a distribution (normalised name) below a version, so that none from it on comes."""
    requirement = installed.find(name)
    if requirement is None or not requirement.specifier:
        return False
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        clauses = SpecifierSet(requirement.specifier)
        return any(
            _holds(c.operator, Version(c.version.removesuffix(".*")), c.version, Version(version)) for c in clauses
        )
    except (InvalidSpecifier, InvalidVersion):
        return False


def _holds(operator: str, bound: "Version", text: str, wanted: "Version") -> bool:
    """Whether one clause admits only versions below the wanted one."""
    if operator in ("==", "===") and text.endswith(".*"):
        return bound < wanted and bound.release != wanted.release[: len(bound.release)]
    if operator in ("==", "===", "<="):
        return bound < wanted
    if operator == "~=":
        shared = len(bound.release) - 1
        return bound.release[:shared] < wanted.release[:shared]
    return operator == "<" and bound <= wanted
