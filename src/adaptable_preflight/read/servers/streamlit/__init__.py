"""Streamlit: `streamlit run SCRIPT`, its options, variables and `.streamlit/config.toml`.

Source: `streamlit.web.cli`, `streamlit.config` and `streamlit.web.server` of Streamlit 1.67.0.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Failure, Launch, Package, Run, Server, Unreadable, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.python.parse import parse as parse_code
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import refusal
from adaptable_preflight.read.servers.grammar import Option, table
from adaptable_preflight.read.servers.grammar.click import Grammar, parse, words_by_name
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.streamlit.configuration import configured
from adaptable_preflight.read.servers.tls import given, missing
from adaptable_preflight.value import Known, Unknown, show

COMMANDS = frozenset({"streamlit"})
MODULES = frozenset({"streamlit", "streamlit.__main__"})
CALLS: Mapping[str, FromCall] = {}
GROUP = table(
    """
log_level --log_level
version --version ends
help --help ends
"""
)
RULES = Rules("streamlit", host="", port=8501, empty=("::",), text_port=True)
MANY = 1000
"""Requests that the event loop takes at one time."""
SCRIPT = "streamlit_app.py"
"""What is run when nothing is named, or a folder."""


@cache
def options() -> tuple[Option, ...]:
    """Return every option; the table is read when it is first needed."""
    text = files(__package__).joinpath("options.txt").read_text(encoding="utf-8")
    return table("\n".join(line for line in text.splitlines() if not line.startswith("#")))


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a streamlit command line."""
    place = launch.words[0]
    server = Server("streamlit", "other", place.span, parallel=MANY, packages=(Package("streamlit", place.span),))
    group = parse(launch.words, Grammar("streamlit", GROUP, None, interspersed=False), launch.env)
    if group.failure is not None:
        return outcome(server, [Trouble(group.failure, 0 if group.failure.kind == "ends" else 2)])
    command = group.positionals[0] if group.positionals else None
    if command is None or command.text != "run":
        known = command is None or command.text is not None
        return Run() if known else Run((server,), unknown=Unknown("the command of streamlit is not known", place.span))
    grammar = Grammar("streamlit run", options(), None, required=False)
    parsed = parse((command, *group.positionals[1:]), grammar, launch.env)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    named = parsed.positionals[0] if parsed.positionals else Word(Known(SCRIPT), place.span)
    script, problem = _script(named, launch, context)
    if script is not None and problem is None:
        context.python.visit(script, launch.env, launch.folder)
        source = context.checkout.text(script)
        readable = source is not None and not isinstance(parse_code(source, context.installed.python), Unreadable)
        server = server._replace(script=script if readable else "", folder=launch.folder)
    troubles += [Trouble(problem, 2)] if problem is not None else []
    settings = configured(launch, script, context) | words_by_name(parsed)
    return _serve(server, settings, troubles, launch, context)


def _script(word: Word, launch: Launch, context: Context) -> tuple[str | None, Problem | None]:
    """Return the script's path, and why Streamlit does not run it."""
    text = word.text
    if text is None or "://" in text:
        return None, Unknown(f"the script «{show(word.value)}» is not known", word.span)
    path = join(launch.folder, text)
    if path is None:
        return None, Unknown(f"the script «{text}» lies outside the repository", word.span)
    if context.checkout.is_folder(path):
        path = f"{path}/{SCRIPT}".lstrip("/")
    if not path.endswith(".py"):
        return path, Failure("missing-script", f"streamlit runs Python files alone, and «{text}» is none", word.span)
    if not context.checkout.is_file(path):
        return path, Failure("missing-script", f"there is no script «{path}»", word.span)
    return path, None


def _serve(
    server: Server,
    settings: Mapping[str, Word],
    troubles: list[Trouble],
    launch: Launch,
    context: Context,
) -> Run:
    host = settings.get("server.address")
    if host is not None and not given(host):
        host = None
    sockets = listen_on(host, settings.get("server.port"), server.span, RULES, launch.env)
    certificate, key = settings.get("server.sslCertFile"), settings.get("server.sslKeyFile")
    tls = tuple(word.span for word in (certificate, key) if word is not None and given(word))
    alone: Problem | None = None
    if len(tls) == 1:
        alone = Failure("rejected-option", "streamlit wants a certificate and a key together", tls[0])
    problems = (
        alone,
        sockets.problem,
        refusal(sockets.binds),
        missing(context.checkout, launch.folder, certificate, key),
    )
    troubles += [Trouble(each) for each in problems if each is not None]
    return outcome(server._replace(binds=sockets.binds, tls=tls), troubles)
