"""What the app imports by unpickling a file of the repository, such as a trained model."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.opened_files import opened, unpickled
from adaptable_preflight.model import Call, Deployment, Import


def imports(deployment: Deployment) -> Iterator[Import]:
    """Yield the modules that deployed code imports: by its statements, then by what it unpickles."""
    yield from deployment.code.imports
    yield from pickled_imports(deployment)


def pickled_imports(deployment: Deployment) -> Iterator[Import]:
    """Yield each module that a pickle names where it is loaded, with the names that are taken out of it.

    Not one of the repository's own, as far as names tell: where it is looked for is not known.
    """
    pickles = dict(deployment.repository.pickles)
    own = {name for path in deployment.paths if pickles and path.endswith(".py") for name in path[:-3].split("/")}
    for call, _path, whole in opened(deployment, unpickled, ("import", "request")) if pickles else ():
        by_module: dict[str, list[str]] = {}
        for module, name in pickles.get(whole, ()):
            if module.partition(".")[0] not in own:
                by_module.setdefault(module, []).append(name)
        guarded = call.caught or (call.phase == "import" and bool(call.guards))
        for module, names in by_module.items():
            yield Import(module, call.span, guarded, tuple(names), call.phase, pickle=whole)


class OfProgram(NamedTuple):
    """A pickle that names what the program which made it defined itself."""

    path: str
    names: tuple[str, ...]
    call: Call
    """What loads it."""


def of_another_program(deployment: Deployment) -> Iterator[OfProgram]:
    """Yield the pickles that look in `__main__` for a class or function, where that is a server's program.

    A script that the server runs by itself is `__main__`; and code that imports `__main__` may put names there.
    Source: https://docs.python.org/3/library/pickle.html#what-can-be-pickled-and-unpickled
    """
    server = deployment.web.server if deployment.web is not None else None
    if server is None or server.in_code or server.script or server.target is None:
        return
    if any(one.module == "__main__" for one in deployment.code.imports):
        return
    if any(call.name.startswith(("sys.modules", "setattr")) for call in deployment.code.calls):
        return
    pickles = dict(deployment.repository.pickles)
    for call, _path, whole in opened(deployment, unpickled, ("import", "request")) if pickles else ():
        names = tuple(name for module, name in pickles.get(whole, ()) if module == "__main__")
        if names and not call.caught:
            yield OfProgram(whole, names, call)
