"""The app that uWSGI loads: a module of its search path, or a file that it executes.

Sources: `uwsgi_uwsgi_loader`, `uwsgi_file_loader` and `uwsgi_mount_loader` in `plugins/python/pyloader.c`,
`uwsgi_python_magic` and `init_uwsgi_vars` in `plugins/python/python_plugin.c` of uWSGI 2.0.31. In front of Python's own
search path come the working directory and `pythonpath`, and never the folder of the file.
"""

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Launch, Target, Word
from adaptable_preflight.read.servers import folders_of_path
from adaptable_preflight.read.servers.expressions import read_expression
from adaptable_preflight.read.servers.uwsgi.settings import Settings

_FILES = (".py", ".wsgi")
"""How a bare word or the app of a `mount` ends that is a file; `module` never names one, `wsgi-file` always does."""


def read_target(settings: Settings, launch: Launch, folder: str) -> Target | None:
    """Return the app; None where no option names one in a way that is followed."""
    search = _search(settings, launch, folder)
    module, file = settings.last("module", "wsgi"), settings.last("wsgi-file", "file")
    if module is not None:
        return _module(module, module.text or "", settings, search)
    if file is not None:
        return _file(file, file.text or "", settings, search, folder)
    other = settings.last("mount") or (settings.lazy[0] if settings.lazy else None)
    text = ((other.text if other is not None else None) or "").rpartition("=")[2]
    if other is None or not text:
        return None
    path = text.partition(":")[0]
    if path.endswith(_FILES):
        return _file(other, path, settings, search, folder, text.partition(":")[2])
    return _module(other, text, settings, search)


def _search(settings: Settings, launch: Launch, folder: str) -> tuple[str, ...]:
    paths = [join(folder, path.text or "") for path in settings.words("pythonpath", "python-path", "pp")]
    known = (path for path in paths if path is not None)
    return tuple(dict.fromkeys((folder, *known, *folders_of_path(launch.env, launch.folder))))


def _module(word: Word, text: str, settings: Settings, search: tuple[str, ...]) -> Target | None:
    module, _, attribute = text.partition(":")
    return _made(word, module, attribute, settings, search) if module else None


def _file(
    word: Word, text: str, settings: Settings, search: tuple[str, ...], folder: str, attribute: str = ""
) -> Target | None:
    """Return the target of a file; a module of that name may be imported besides, and is another one."""
    path = join(folder, text)
    if path is None or "://" in text or not text:
        return None
    target = _made(word, path.rpartition("/")[2].rpartition(".")[0] or path, attribute, settings, search)
    return target._replace(file=path) if target is not None else None


def _made(word: Word, module: str, attribute: str, settings: Settings, search: tuple[str, ...]) -> Target | None:
    named = settings.last("callable")
    found = read_expression(attribute or (named.text if named is not None else None) or "application")
    return Target(module, found.name, word.span, search, found.call, found.arguments) if found is not None else None
