"""honcho, which starts the processes of a Procfile: https://github.com/nickstenning/honcho."""

import re
import shlex

from adaptable_preflight.model import Failure, Launch, Run, Word
from adaptable_preflight.read import homes, procfile
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.programs import OBSERVED_SECONDS
from adaptable_preflight.read.shell import run_script
from adaptable_preflight.read.shell.excerpt import of_source
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Unknown, Value, text_of

_HONCHO_VALUED = {
    "-e": "env",
    "--env": "env",
    "-d": "root",
    "--app-root": "root",
    "-f": "file",
    "--procfile": "file",
} | {
    "-p": "port",
    "--port": "port",
    "-c": "concurrency",
    "--concurrency": "concurrency",
    "-q": "quiet",
    "--quiet": "quiet",
}


def honcho(launch: Launch, context: Context) -> Run:
    """Follow `honcho start` and `honcho run PROGRAM`."""
    options, rest = _honcho_options(launch.words[1:])
    span = launch.words[0].span
    if not rest:
        return Run()
    folder = homes.place(context, launch.folder, options.get("root", "."))
    if folder is None:
        return Run(unknown=Unknown("the folder of honcho lies outside of the repository", span), status=None)
    extra = _honcho_env(context, folder, options.get("env", ".env"))
    if rest[0].text == "run":
        words = rest[2:] if len(rest) > 1 and rest[1].text == "--" else rest[1:]
        env = launch.env._replace(variables={**launch.env.variables, **extra})
        return context.follow(launch._replace(words=words, env=env)) if words else Run()
    if rest[0].text != "start":
        return Run()
    more, names = _honcho_options(rest[1:])
    return _honcho_start(launch._replace(folder=folder), context, {**options, **more}, names, extra)


def _honcho_options(words: tuple[Word, ...]) -> tuple[dict[str, str], tuple[Word, ...]]:
    """Return honcho's options up to its subcommand (or up to its arguments), and what follows."""
    options, rest = dict[str, str](), list(words)
    others = list[Word]()
    while rest:
        text = rest[0].text or ""
        name, equals, value = text.partition("=")
        if name in _HONCHO_VALUED and equals:
            options[_HONCHO_VALUED[name]] = value
        elif text in _HONCHO_VALUED and len(rest) > 1:
            options[_HONCHO_VALUED[text]] = rest[1].text or ""
            rest = rest[1:]
        elif not text.startswith("-"):
            others.append(rest[0])
            if text in ("start", "run"):
                return options, (*others, *rest[1:])
        rest = rest[1:]
    return options, tuple(others)


def _honcho_env(context: Context, folder: str, names: str) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name in names.split(","):
        path = homes.place(context, folder, name.strip())
        source = context.checkout.text(path) if path else None
        for number, line in enumerate(source.text.splitlines() if source else (), 1):
            binding = _honcho_line(line)
            if binding is not None and source is not None:
                values[binding[0]] = Known(binding[1], source.line_span(number))
    return values


def _honcho_line(line: str) -> tuple[str, str] | None:
    try:
        tokens = list(shlex.shlex(line, posix=True))
    except ValueError:
        return None
    if len(tokens) < 3 or tokens[1] != "=" or not re.match(r"[A-Za-z_]\w*", tokens[0]):
        return None
    return tokens[0], "".join(tokens[2:])


def _honcho_start(
    launch: Launch, context: Context, options: dict[str, str], names: tuple[Word, ...], extra: dict[str, Value]
) -> Run:
    span = launch.words[0].span
    path = homes.place(context, launch.folder, options.get("file", procfile.NAME))
    if path is None:
        why = f"«{options.get('file', procfile.NAME)}», which honcho reads, lies outside of the repository"
        return Run(unknown=Unknown(why, span), status=None)
    source = context.checkout.text(path)
    if source is None:
        return Run(failure=Failure("missing-file", "honcho finds no Procfile", span))
    found = {entry.name: entry for entry in procfile.entries(source)}
    wanted = [word.text or "" for word in names] or list(found)
    missing = next((name for name in wanted if name not in found), None)
    if missing is not None or not found:
        what = f"no process «{missing}»" if missing else "no process at all"
        return Run(failure=Failure("rejected-option", f"«{source.path}» has {what}", span))
    counts = _concurrency(options.get("concurrency", ""))
    base = extra.get("PORT") or (Known(options["port"]) if options.get("port") else None)
    base = base or launch.env.get("PORT") or Known("5000")
    runs = list[Run]()
    for index, name in enumerate(wanted):
        for number in range(min(counts.get(name, 1), 20)):
            port = _shifted(base, 100 * index + number, span)
            env = launch.env._replace(variables={**launch.env.variables, **extra, "PORT": port})
            entry = found[name]
            excerpt = of_source(source, entry.start, entry.end)
            where = source.span(entry.start, entry.end)
            runs.append(run_script(excerpt, context, env, launch.folder, span=where))
    return _all_or_none(runs)


def _concurrency(text: str) -> dict[str, int]:
    pairs = (item.partition("=") for item in text.split(",") if item)
    return {name: int(count) for name, _, count in pairs if count.isdigit()}


def _shifted(base: Value, offset: int, span: Span) -> Value:
    text = text_of(base)
    if not offset:
        return base
    if text is not None and text.strip().isdigit():
        return Known(str(int(text) + offset), span)
    return Unknown(f"honcho gives this process the port that is {offset} above $PORT", span)


def _all_or_none(runs: list[Run]) -> Run:
    """Join processes of which each ends all when it ends."""
    unknown = next((run.unknown for run in runs if run.unknown is not None), None)
    servers = tuple(server for run in runs for server in run.servers)
    remarks = tuple(remark for run in runs for remark in run.remarks)
    if unknown is not None:
        return Run(servers, unknown=unknown, remarks=remarks, status=None)
    for run in runs:
        if run.failure is not None:
            return Run(servers, run.failure, remarks=remarks)
        if not run.stays and not any(r.kind == "worker-program" or r.seconds > OBSERVED_SECONDS for r in run.remarks):
            return Run(remarks=remarks, status=run.status or 1)
    workers = tuple(remark for remark in remarks if remark.kind not in ("worker-program", "slow-step"))
    app = next((run.app for run in runs if run.app is not None), None)
    return Run(servers, remarks=workers if servers else remarks, app=app)
