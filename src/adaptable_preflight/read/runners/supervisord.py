"""supervisord, which starts the programs of its configuration file: http://supervisord.org/configuration.html."""

import posixpath
import re
import shlex
from typing import NamedTuple

from adaptable_preflight.model import App, Environment, Failure, Launch, Remark, Run, Server, Tcp, Unix, Word
from adaptable_preflight.read import homes
from adaptable_preflight.read.context import Context
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import FromEnv, Known, Unknown, Value, concat


class Section(NamedTuple):
    """One section of supervisord's configuration."""

    name: str
    values: dict[str, str]
    lines: dict[str, int]


def supervisord(launch: Launch, context: Context) -> Run:
    """Follow `supervisord [-n] [-c FILE]`."""
    path, foreground = _supervisord_options(launch)
    span = launch.words[0].span
    places = [path] if path else ["supervisord.conf", "etc/supervisord.conf"]
    found = [place for each in places if (place := homes.place(context, launch.folder, each)) is not None]
    source = next((s for place in found if (s := context.checkout.text(place)) is not None), None)
    if source is None:
        if path and path.startswith("/") and not found:
            return Run(unknown=Unknown(f"«{path}» lies outside of the repository", span), status=None)
        return Run(failure=Failure("missing-file", "supervisord finds no configuration file", span))
    sections = _sections(source)
    if any(section.name == "include" for section in sections):
        return Run(unknown=Unknown("supervisord's [include] is not followed", span), status=None)
    main = next((s.values for s in sections if s.name == "supervisord"), {})
    foreground = foreground or main.get("nodaemon", "").lower() in ("true", "1", "on", "yes")
    return _supervised(launch, context, source, sections, foreground)


def _supervisord_options(launch: Launch) -> tuple[str, bool]:
    path, foreground, words = "", False, launch.words[1:]
    for index, word in enumerate(words):
        text = word.text or ""
        following = words[index + 1].text or "" if index + 1 < len(words) else ""
        if text in ("-c", "--configuration"):
            path = following
        elif text.startswith("--configuration="):
            path = text.partition("=")[2]
        elif text.startswith("-c") and len(text) > 2:
            path = text[2:]
        elif text in ("-n", "--nodaemon") or (text.startswith("-nc") and not path):
            foreground, path = True, following if text == "-nc" else path
    return path, foreground


def _sections(source: Source) -> list[Section]:
    sections = list[Section]()
    key = ""
    for number, line in enumerate(source.text.splitlines(), 1):
        text = re.sub(r"\s;.*", "", line).rstrip()
        header = re.fullmatch(r"\[([^\]]+)\].*", text)
        if header:
            sections.append(Section(header[1].strip(), {}, {}))
            key = ""
        elif not text.strip() or text.lstrip()[0] in "#;" or not sections:
            continue
        elif line[0] in " \t" and key:
            sections[-1].values[key] += "\n" + text.strip()
        else:
            name, _, value = re.sub(r"\s*[:=]\s*", "=", text, count=1).partition("=")
            key = name.strip().lower()
            sections[-1].values[key] = value.strip()
            sections[-1].lines[key] = number
    return sections


def _supervised(launch: Launch, context: Context, source: Source, sections: list[Section], foreground: bool) -> Run:
    servers = [server for section in sections for server in _own_server(section, source, launch.words[0].span)]
    remarks = list[Remark]()
    app: App | None = None
    for section in sections:
        if not section.name.startswith("program:") or section.values.get("autostart", "true").lower() in ("false", "0"):
            continue
        run = _program(launch, context, source, section)
        if run.unknown is not None or (
            run.failure is not None and run.failure.kind == "rejected-option" and not run.servers
        ):
            return run
        remarks += run.remarks
        app = app or run.app
        if run.failure is None:
            servers = [*run.servers, *servers]
    quiet = tuple(remark for remark in remarks if remark.kind != "worker-program")
    span = launch.words[0].span
    if not foreground:
        return Run(tuple(servers), remarks=(*quiet, Remark("detached", "supervisord goes to the background", span)))
    if not servers:
        return Run(remarks=(*quiet, Remark("worker-program", "supervisord runs no server that listens", span)))
    return Run(tuple(servers), remarks=quiet, app=app)


def _own_server(section: Section, source: Source, span: Span) -> list[Server]:
    """Return the server of supervisord's own control panel."""
    if section.name == "unix_http_server" and section.values.get("file"):
        where = source.line_span(section.lines["file"])
        return [Server("supervisord", "other", span, (Unix(Known(section.values["file"], where), where),), 0)]
    if section.name == "inet_http_server" and section.values.get("port"):
        where = source.line_span(section.lines["port"])
        host, _, port = section.values["port"].rpartition(":")
        bind = Tcp(Known(host if host not in ("", "*") else "0.0.0.0", where), Known(port, where), where)  # noqa: S104
        return [Server("supervisord", "other", span, (bind,), 0)]
    return []


def _program(launch: Launch, context: Context, source: Source, section: Section) -> Run:
    span = source.line_span(section.lines.get("command", 1))
    command = section.values.get("command", "")
    try:
        pieces = shlex.split(command)
    except ValueError:
        return Run(failure=Failure("rejected-option", f"supervisord cannot read the command «{command}»", span))
    env, here = launch.env, posixpath.dirname(source.path)
    try:
        for name, value in _environment(section.values.get("environment", "")):
            env = env.with_variable(name, _expanded(value, launch.env, section, here, span))
        words = tuple(
            Word(_expanded(piece, launch.env, section, here, _within(span, source, piece)), span) for piece in pieces
        )
    except KeyError as error:
        message = f"supervisord cannot expand «{error.args[0]}»"
        return Run(failure=Failure("rejected-option", message, span))
    if not words:
        return Run(failure=Failure("rejected-option", f"«[{section.name}]» has no command", span))
    folder = homes.place(context, launch.folder, section.values.get("directory", "."))
    if folder is None:
        return Run(unknown=Unknown("the program's folder lies outside of the repository", span), status=None)
    return context.follow(Launch(words, env, folder))


def _within(span: Span, source: Source, piece: str) -> Span:
    at = source.line(span.line).find(piece)
    return span if at < 0 else span._replace(column=at + 1, end_column=at + 1 + len(piece))


def _environment(text: str) -> list[tuple[str, str]]:
    return [(name, value.strip("\"'")) for name, value in re.findall(r"(\w+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^,\s]*)", text)]


def _expanded(text: str, env: Environment, section: Section, here: str, span: Span) -> Value:
    """Expand `%(ENV_X)s` and its like. Raises KeyError where nothing is known by that name."""
    own = {
        "program_name": section.name.partition(":")[2],
        "here": f"{homes.ROOT}/{here}".rstrip("/"),
        "process_num": "0",
    }
    pieces: list[Value] = []
    at = 0
    for match in re.finditer(r"%\((\w+)\)0?\d*[sd]|%%", text):
        pieces.append(Known(text[at : match.start()], span))
        at = match.end()
        pieces.append(Known("%") if match[0] == "%%" else _expansion(match[1], own, env, span))
    return concat([*pieces, Known(text[at:], span)], span)


def _expansion(name: str, own: dict[str, str], env: Environment, span: Span) -> Value:
    if name in own:
        return Known(own[name], span)
    value = env.get(name.removeprefix("ENV_")) if name.startswith("ENV_") else None
    if value is None and name.startswith("ENV_") and not env.closed:
        return FromEnv(name.removeprefix("ENV_"), None, span)
    if value is None:
        raise KeyError(name)
    return value
