"""`hardcoded-database`: where the database is, or its password, stands in the code."""

from collections.abc import Iterator

from adaptable_preflight.facts.addresses import Address, address_of
from adaptable_preflight.facts.connections import Connection, connections, passed_over
from adaptable_preflight.facts.doubt import doubts, happens, unless, weighed
from adaptable_preflight.facts.loopback_clients import Client, loopback_clients
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "hardcoded-database"
CLAUSE = "database"
SEVERITY = Severity.ERROR
SUMMARY = "The database's host or credentials are literals in the deployed code."


_MILDER = {True: Severity.WARNING, False: Severity.NOTICE}
"""Without host and password: somebody may have made a database of just that name, or mean just that host."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each database whose host or password is a literal."""
    for use in (*connections(deployment.code), *passed_over(deployment.code)):
        address = address_of(use)
        if any(address) and happens(deployment, use.guards):
            yield _finding(deployment, use, address)
    services = (one for one in loopback_clients(deployment) if one.service.title and happens(deployment, one.guards))
    for client in {(one.span.path, one.port): one for one in reversed([*services])}.values():
        yield _of_service(deployment, client)


def _finding(deployment: Deployment, use: Connection, address: Address) -> Finding:
    title, variable = deployment.platform.title, deployment.platform.database.url_variable
    severity = SEVERITY if address.here or address.password else _MILDER[bool(address.name)]
    severity, confidence = weighed(severity, doubts(use.guards, use.phase) + bool(use.others))
    if address.here:
        message = (
            f"On {title} no database answers at «{address.host}»{unless(use.guards)}: the app cannot connect to its "
            "database there."
        )
    elif address.name:
        message = (
            f"The code names the database «{address.name}» and no host: on {title} there is none of that name, unless "
            f"somebody makes it, and the app ignores the one in {variable}."
        )
    elif address.password:
        message = (
            f"The database's password stands in the code, so on {title} the app ignores the database that {variable} "
            "names, and whoever reads the repository can read the data."
        )
    else:
        message = f"The database's host stands in the code: on {title} the app uses it, and not the one in {variable}."
    advice = (
        f'Read the address from the environment: os.environ["{variable}"], with the literal as the default at most.'
    )
    part = use.part("password" if address.password and not address.here else "host")
    return Finding(ID, severity, part.span if part is not None else use.span, message, advice, confidence)


def _of_service(deployment: Deployment, client: Client) -> Finding:
    """A cache or a broker that is not there: much of an app may do without it."""
    severity, confidence = weighed(Severity.WARNING, doubts(client.guards, client.phase))
    return Finding(
        ID,
        severity,
        client.span,
        f"On {deployment.platform.title} no {client.service.title} answers at «{client.host}:{client.port}»"
        f"{unless(client.guards)}: the container runs nothing but the app.",
        f'Read its address from the environment: os.environ["{client.service.variable}"], with the literal as the '
        "default at most.",
        confidence,
    )
