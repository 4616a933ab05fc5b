"""The app that a waitress-serve command line names.

Source: `waitress.runner` of waitress 3.0.2.
"""

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, Launch, Target, Word
from adaptable_preflight.read.servers import folders_of_path
from adaptable_preflight.read.servers.modules import module_at
from adaptable_preflight.read.servers.outcome import Trouble
from adaptable_preflight.value import Unknown, show

_NAME = late_pattern(r"(?!\d)\w+(?:\.(?!\d)\w+)*")
"""A dotted name as `pkgutil.resolve_name` takes it."""


def read_target(word: Word, launch: Launch, checkout: Checkout, *, call: bool) -> Target | Trouble:
    """Take a target apart as `pkgutil.resolve_name` does: without a colon the longest importable name is the module."""
    text = word.text
    if text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    module, colon, attribute = text.partition(":")
    if not _NAME.fullmatch(module) or (attribute and not _NAME.fullmatch(attribute)):
        return Trouble(
            Failure("missing-app", f"waitress does not understand «{text}» as the name of an app", word.span)
        )
    paths = folders_of_path(launch.env, launch.folder)
    folders = tuple(dict.fromkeys((launch.folder, *paths) if launch.by_module else (*paths, launch.folder)))
    if not colon:
        module, attribute = _longest(module, folders, checkout)
    return Target(module, attribute, word.span, folders, call)


def _longest(name: str, folders: tuple[str, ...], checkout: Checkout) -> tuple[str, str]:
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        path = "/".join(parts[:count])
        for folder in folders:
            found = module_at(checkout, folder, path)
            if found is not None and (found.path is not None or checkout.is_folder(f"{folder}/{path}".lstrip("/"))):
                return ".".join(parts[:count]), ".".join(parts[count:])
    return name, ""
