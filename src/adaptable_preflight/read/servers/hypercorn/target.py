"""The app that a hypercorn command line names.

Source: `hypercorn.utils.load_application` of Hypercorn 0.18.0.
"""

import os

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Failure, Launch, Target, Word
from adaptable_preflight.read.servers import folders_of_path
from adaptable_preflight.read.servers.expressions import read_expression
from adaptable_preflight.read.servers.outcome import Trouble
from adaptable_preflight.value import Unknown, show


def read_target(word: Word, launch: Launch) -> Target | Trouble:
    """Take a target apart: `[asgi:|wsgi:]MODULE-OR-PATH[:EXPRESSION]`."""
    text = word.text
    if text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    mode, rest = text.split(":", 1) if text.count(":") == 2 else ("asgi", text)
    if mode not in ("asgi", "wsgi"):
        return Trouble(Failure("missing-app", f"«{mode}» is neither asgi nor wsgi", word.span))
    module, colon, expression = rest.partition(":")
    found = read_expression(expression if colon else "app")
    if found is None:
        return Trouble(Unknown(f"«{expression}» is more than a name or a plain call", word.span), None)
    path, name = os.path.split(module)
    parent = join(launch.folder, path)
    if parent is None:
        return Trouble(Unknown(f"«{module}» lies outside the repository", word.span), None)
    if name.endswith(".py"):
        name = name.removesuffix(".py")
    here = (launch.folder,) if launch.by_module else ()
    folders = tuple(dict.fromkeys((parent, *here, *folders_of_path(launch.env, launch.folder))))
    return Target(name, found.name, word.span, folders, found.call, found.arguments)
