"""Shells: what becomes of a script, read as sh (dash) and as bash do."""

from adaptable_preflight.model import Environment, Run, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.shell import plain
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.source import Span
from adaptable_preflight.value import Value


def run_script(
    excerpt: Excerpt,
    context: Context,
    env: Environment,
    folder: str = "",
    *,
    span: Span,
    dialect: str = "sh",
    name: Value | None = None,
    arguments: tuple[Word, ...] = (),
    options: frozenset[str] = frozenset(),
) -> Run:
    """Return what becomes of a script. `span` is the command that runs it; `name` and `arguments` are its `$0`, `$1` ….

    `dialect` is `bash`, or `sh`: then both readings are made, and where they differ the outcome is unknown.
    """
    run = plain.read(excerpt, context, env, folder) if not options else None
    if run is not None:
        return run
    from adaptable_preflight.read.shell import script  # late: plain words need no grammar

    return script.run_script(
        excerpt, context, env, folder, span=span, dialect=dialect, name=name, arguments=arguments, options=options
    )
