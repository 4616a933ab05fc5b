"""Every start command that the repository and the settings hold, in the order in which the platform looks for one."""

from collections.abc import Callable, Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Misfit, Unreadable
from adaptable_preflight.platforms import Platform
from adaptable_preflight.read import procfile
from adaptable_preflight.read.candidates import Candidate, from_setting
from adaptable_preflight.read.shell.excerpt import of_source
from adaptable_preflight.settings import Settings
from adaptable_preflight.source import Source

PLATFORM_FILES = (
    "render.yaml", "railway.toml", "railway.json", "railpack.json", "nixpacks.toml", "fly.toml", "app.yaml",
    ".do/app.yaml", "apprunner.yaml", "heroku.yml", "docker-compose.yml", "docker-compose.yaml", "compose.yaml",
    "compose.yml",
)  # fmt: skip
"""The files that are read; the first that holds a web process counts where nothing else does."""

DOCKERFILE = "Dockerfile"

Reader = Callable[[Checkout, str], Iterator[Candidate]]


def start_commands(checkout: Checkout, settings: Settings, platform: Platform) -> tuple[Candidate, ...]:
    """Return the commands. Of those that would be the web process the first that the platform may take is chosen."""
    found = list[Candidate]()
    for candidate in _every(checkout, settings, platform):
        if candidate.name == "web":
            if settings.start_command.strip() and candidate.kind != "setting":
                continue
            taken = any(other.name == "web" and other.chosen for other in found)
            candidate = candidate._replace(chosen=candidate.chosen and not taken)
        found.append(candidate)
    if not any(candidate.name == "web" for candidate in found):
        found.extend(_of_base(checkout) or _meant(checkout))
    return tuple(sorted(found, key=lambda each: (each.name != "web", not each.chosen)))


def unreadable(
    checkout: Checkout, settings: Settings, platform: Platform, found: tuple[Candidate, ...]
) -> tuple[Unreadable, ...]:
    """Return the files that would be looked at for a start command before the one that has it, and cannot be read."""
    chosen = next((candidate for candidate in found if candidate.name == "web" and candidate.chosen), None)
    facts = []
    for name in _order(settings, platform) if chosen is None or chosen.kind != "setting" else ():
        if chosen is not None and name == chosen.span.path:
            break
        if name in PLATFORM_FILES and checkout.is_file(name):
            from adaptable_preflight.read import platform_files

            facts.append(platform_files.unreadable(checkout, name))
    return tuple(fact for fact in facts if fact is not None)


def _of_base(checkout: Checkout) -> list[Candidate]:
    """Return what the image of a Dockerfile may start by the command of its base."""
    if not checkout.is_file(DOCKERFILE):
        return []
    from adaptable_preflight.read import dockerfile

    return list(dockerfile.of_base(checkout))


def _meant(checkout: Checkout) -> Iterator[Candidate]:
    """Yield what a file of another name or place says, or a line without its colon: all that tells what is meant.

    A Procfile in the folder of an app of its own is not meant for the whole repository.
    """
    for path in (procfile.NAME, *(one.path for one in misnamed(checkout) if not (one.mild and "/" in one.path))):
        source = checkout.text(path)
        if path.lower() == DOCKERFILE.lower():
            yield from (candidate._replace(chosen=False) for candidate in _reader(DOCKERFILE)(checkout, path))
        elif source is not None:
            told = procfile.entries(source) if path == procfile.NAME else ()
            yield from (_of_entry(source, one, chosen=False) for one in procfile.meant(source) if one not in told)


def misnamed(checkout: Checkout) -> tuple[Misfit, ...]:
    """Return the files that look like a Procfile or a Dockerfile and have another name or stand in a folder."""
    found = procfile.misnamed(checkout)
    if any(name != DOCKERFILE and name.lower() == DOCKERFILE.lower() for name in checkout.names("")):
        from adaptable_preflight.read import dockerfile

        return (*found, *dockerfile.misnamed(checkout))
    return found


def _every(checkout: Checkout, settings: Settings, platform: Platform) -> Iterator[Candidate]:
    if settings.start_command.strip():
        yield from_setting(settings)
    images = set[str]()
    for name in _order(settings, platform):
        for candidate in _reader(name)(checkout, name) if checkout.is_file(name) else ():
            again = candidate.kind == "dockerfile" and candidate.span.path in images
            if not again:  # of several stages of one file the one counts that is asked for first
                yield candidate
            images |= {candidate.span.path} if candidate.kind == "dockerfile" else set()


def _order(settings: Settings, platform: Platform) -> tuple[str, ...]:
    """Return the files that may hold a start command: the platform's own, the usual ones, other platforms'."""
    own = [name for name in platform.start.sources if name != "setting"]
    if settings.builder == "dockerfile":
        own.insert(0, DOCKERFILE)
    return tuple(dict.fromkeys([*own, procfile.NAME, DOCKERFILE, *PLATFORM_FILES]))


def _reader(name: str) -> Reader:
    """Return what reads a file; it is imported when there is such a file."""
    if name == procfile.NAME:
        return _from_procfile
    if name == DOCKERFILE:
        from adaptable_preflight.read import dockerfile

        return dockerfile.candidates
    from adaptable_preflight.read import platform_files

    return platform_files.candidates


def _from_procfile(checkout: Checkout, path: str) -> Iterator[Candidate]:
    source = checkout.text(path)
    if source is None:
        return
    counts = not any(misfit.voids for misfit in procfile.misfits(checkout, path))
    for entry in procfile.entries(source):
        yield _of_entry(source, entry, counts)


def _of_entry(source: Source, entry: procfile.Entry, chosen: bool) -> Candidate:
    excerpt = of_source(source, entry.start, entry.end)
    span = source.span(entry.start, entry.end)
    return Candidate(entry.name, "procfile", span, excerpt.text, excerpt, chosen=chosen)
