"""Why a file that the code names is not found, and which file was meant."""

import posixpath
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern

_OWN_MACHINE = late_pattern(r"[A-Za-z]:[\\/]|/(?:Users|home)/")
_COMMIT = (
    "Commit the file, or make it while the image is built; a secret belongs into a variable that is set on the "
    "platform."
)


class Explained(NamedTuple):
    """What is wrong with a path, and what to do about it."""

    why: str
    """A sentence without a full stop."""
    advice: str


def explained(path: str, whole: str, module: str, paths: tuple[str, ...]) -> Explained:
    """Explain why a file is not found. `whole`: as the checkout would have it; `module`: the file that names it."""
    if _OWN_MACHINE.match(path):
        return _of_one_machine(path, module, paths)
    if "\\" in path:
        return _with_backslashes(path, whole, paths)
    other = next((one for one in paths if one.lower() == whole.lower()), "")
    if other:
        why = f"the file is «{other}», and the case of letters counts on Linux"
        return Explained(f"«{path}» is not there: {why}", "Write the name as the file is called.")
    found = _only(posixpath.basename(path), paths)
    if found:
        why = f"«{path}» is not found from the folder in which the app runs: the file is «{found}»"
        return Explained(why, f"Write {_seen_from(module, found)}, which does not depend on that folder.")
    return Explained(f"«{path}» is not in the repository", _COMMIT)


def _of_one_machine(path: str, module: str, paths: tuple[str, ...]) -> Explained:
    found = _only(posixpath.basename(path.replace("\\", "/")), paths)
    why = f"«{path}» is a path of the machine on which it was written"
    return Explained(why, f"Write {_seen_from(module, found)}." if found else _COMMIT)


def _with_backslashes(path: str, whole: str, paths: tuple[str, ...]) -> Explained:
    plain = path.replace("\\", "/")
    there = whole.replace("\\", "/") in paths
    why = f"«{path}» is one name on Linux, where «\\» separates no folders"
    return Explained(why, f"Write «{plain}»." if there else f"Write «{plain}», and commit the file.")


def _only(name: str, paths: tuple[str, ...]) -> str:
    """Return the only file of a name; empty where there are several or none."""
    found = [path for path in paths if posixpath.basename(path) == name]
    return found[0] if len(found) == 1 else ""


def _seen_from(module: str, path: str) -> str:
    """Return a path as an expression that a module finds wherever it runs."""
    up, *rest = posixpath.relpath(path, posixpath.dirname(module) or ".").split("/")
    levels = 0
    while up == "..":
        levels, (up, *rest) = levels + 1, rest
    parent = "Path(__file__).resolve()" + ".parent" * (levels + 1)
    return f'{parent} / "{"/".join([up, *rest])}"'
