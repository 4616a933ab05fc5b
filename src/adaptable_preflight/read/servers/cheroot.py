"""cheroot: the command, and `cheroot.wsgi.Server(…).start()`.

Source: `cheroot.cli` and `cheroot.server.HTTPServer` of cheroot 11.1.2.
"""

from collections.abc import Mapping

from adaptable_preflight.checkout import join
from adaptable_preflight.model import (
    Bind,
    Call,
    Environment,
    Failure,
    Launch,
    Package,
    Run,
    Server,
    Target,
    Tcp,
    Unix,
    Word,
)
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import kernel_host, refusal
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.grammar import table
from adaptable_preflight.read.servers.grammar.argparse import Grammar, parse
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.places import file_exists
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    FromEnv,
    Items,
    Known,
    Thing,
    Unknown,
    Value,
    leading,
    on_text,
    show,
    split_first,
    split_last,
    text_of,
    without_leading,
)

COMMANDS = frozenset({"cheroot"})
MODULES = frozenset({"cheroot", "cheroot.__main__"})
VERSION = "11.1.2"
THREADS = 10
"""cheroot's own number of worker threads."""

OPTIONS = table(
    """
help -h --help ends
bind_addr --bind
chdir --chdir
server_name --server-name
numthreads --threads int
max --max-threads int
timeout --timeout int
shutdown_timeout --shutdown-timeout int
request_queue_size --request-queue-size int
accepted_queue_size --accepted-queue-size int
accepted_queue_timeout --accepted-queue-timeout int
"""
)
GRAMMAR = Grammar("cheroot", OPTIONS, ("1",))


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a cheroot command line."""
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    place = launch.words[0].span
    word = parsed.value("bind_addr") or Word(Known("[::1]:8000"), place)
    bind, problem = read_bind(word, implied=not parsed.has("bind_addr"))
    folder = launch.folder
    for chdir in parsed.words("chdir"):
        there = file_exists(context.checkout, folder, chdir.value)
        folder = join(folder, chdir.text or "") or folder
        if there is False:
            message = f"there is no folder «{show(chdir.value)}»"
            troubles.append(Trouble(Failure("missing-file", message, chdir.span)))
    server, found = _server(bind, problem, folder, context, place)
    threads = parsed.value("numthreads")
    count = THREADS if threads is None or threads.text is None else int(threads.text)
    server = server._replace(threads=count, parallel=count)
    if parsed.positionals:
        target = _target(parsed.positionals[0], launch)
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            found.append(target)
    return outcome(server, troubles + found)


def _server(
    bind: Bind, problem: Problem | None, folder: str, context: Context, place: Span
) -> tuple[Server, list[Trouble]]:
    binds = (bind,)
    problems = (problem, unusable_socket(binds, context.checkout, folder), refusal(binds))
    server = Server("cheroot", "wsgi", place, binds, packages=(Package("cheroot", place),))
    return server._replace(threads=THREADS, parallel=THREADS), [Trouble(p) for p in problems if p is not None]


def read_bind(word: Word, *, implied: bool) -> tuple[Bind, Problem | None]:
    """Return the socket of `--bind`, and why cheroot cannot open it.

    Anything that has no number after its first colon is the path of a unix socket, save a bare name, which is a host.
    """
    value = word.value
    pieces = split_last(value, "@")
    if pieces is not None and not leading(value).startswith(("@", "/")):
        value = pieces[1]
    if leading(value).startswith(("@", "/")):
        return Unix(value, word.span), None
    if leading(value).startswith("["):
        pieces = split_first(without_leading(value, 1), "]")
        host, rest = pieces if pieces is not None else (value, Known(""))
        port: Value = without_leading(rest, 1) if leading(rest).startswith(":") else Known("")
    else:
        pieces = split_first(value, ":")
        host, port = pieces if pieces is not None else (value, Known(""))
    text = text_of(port)
    if text is not None and text != "" and not (text.isascii() and text.isdigit() and int(text) <= 65535):
        return Unix(value, word.span), None
    address = kernel_host(on_text(host, str.lower), version=6)
    number = Known(int(text)) if text else port._replace(number=True) if isinstance(port, FromEnv) else port
    bind = Tcp(address, number if text != "" else Known(0), word.span, implied)
    if text == "":
        return bind, Failure("bad-address", f"cheroot needs a port in «{show(value)}»", word.span)
    if text_of(host) == "":
        return bind, Failure("bad-address", f"cheroot needs a host in «{show(value)}»", word.span)
    return bind, None


def _target(word: Word, launch: Launch) -> Target | Trouble:
    text = word.text
    if text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    module, _, attribute = text.partition(":")
    here = (launch.folder,) if launch.by_module else ()
    folders = (*here, *folders_of_path(launch.env, launch.folder))
    if not folders:
        message = "the command cheroot does not look for modules in the working directory; «python -m cheroot» does"
        return Trouble(Failure("missing-app", message, word.span))
    return Target(module, attribute or "application", word.span, tuple(dict.fromkeys(folders)))


def _start(call: Call, env: Environment, context: Context) -> Run:
    """`cheroot.wsgi.Server((host, port), app).start()`."""
    del env
    made = call.receiver
    if not isinstance(made, Thing):
        return Run((Server("cheroot", "wsgi", call.span, in_code=True),), unknown=Unknown("it is not known", call.span))
    options = without_none(arguments(call._replace(arguments=made.arguments), "bind_addr", "wsgi_app", "numthreads"))
    word = options.get("bind_addr")
    bind, problem = _address_of(word) if word is not None else (None, None)
    if bind is None:
        why = Unknown("the address is not known", call.span)
        return Run((Server("cheroot", "wsgi", call.span, in_code=True),), unknown=why)
    server, troubles = _server(bind, problem, context.folder, context, call.span)
    threads = options.get("numthreads")
    if threads is not None:
        count = threads.value.value if isinstance(threads.value, Known) else None
        server = server._replace(threads=count if isinstance(count, int) else None)
    app = options.get("wsgi_app")
    tls = dict(made.attributes).get("ssl_adapter")
    server = server._replace(
        in_code=True,
        parallel=server.threads,
        app=app.value if app is not None else None,
        tls=(tls.span or call.span,) if tls is not None and not (isinstance(tls, Known) and not tls.value) else (),
    )
    return outcome(server, troubles)


def _address_of(word: Word) -> tuple[Bind | None, Problem | None]:
    """Return the socket of a pair (host, port), or of a path."""
    if not isinstance(word.value, Items):
        return (Unix(word.value, word.span), None) if text_of(word.value) is not None else (None, None)
    if len(word.value.items) != 2:
        return None, Failure("bad-address", "an address has a host and a port", word.span)
    host, port = word.value.items
    if isinstance(port, Known) and not isinstance(port.value, int):
        problem = Failure("bad-address", f"the port {port.value!r} is not a number", port.span or word.span)
        return Tcp(kernel_host(host), port, word.span), problem
    empty = text_of(host) == ""
    problem_of_host = Failure("bad-address", "cheroot does not take an empty host", word.span) if empty else None
    return Tcp(kernel_host(host, version=6), port, word.span), problem_of_host


CALLS: Mapping[str, FromCall] = {
    f"{name}.{method}": _start
    for name in ("cheroot.wsgi.Server", "cheroot.wsgi.WSGIServer", "cheroot.server.HTTPServer")
    for method in ("start", "safe_start", "serve")
}
