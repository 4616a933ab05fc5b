"""`spoofable-client-ip`: an address is believed that any visitor can make up."""

from collections.abc import Iterator

from adaptable_preflight.facts.proxies import believes_everybody, fixes, reads_address, remedy, uses
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.value import Known, Thing

ID = "spoofable-client-ip"
CLAUSE = "proxy"
SEVERITY = Severity.WARNING
SUMMARY = "The app believes an entry of the proxies' headers that the visitor can write."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each place that takes the first entry, and for headers that the platform does not write."""
    yield from _first_entries(deployment)
    yield from _other_headers(deployment)
    yield from _servers(deployment)


def _first_entries(deployment: Deployment) -> Iterator[Finding]:
    for call in deployment.code.calls:
        if call.phase == "request" and _takes_first(call):
            yield Finding(
                ID,
                SEVERITY,
                call.span,
                f"The first entry of X-Forwarded-For is what the visitor sent: on {deployment.platform.title} anybody "
                "can pass for any address, and only the entries that the platform's proxies added at the end can be "
                "believed.",
                _advice(deployment),
            )


def _advice(deployment: Deployment) -> str:
    advice = remedy(deployment, "address")
    return advice if "FORWARDED_FOR" in advice else f"{advice}; then use the request's own remote address."


def _takes_first(call: Call) -> bool:
    """Whether the call is `request.headers["X-Forwarded-For"].split(",")[0]` or `request.access_route[0]`."""
    key = call.arguments[0].value if call.arguments else None
    if not isinstance(key, Known) or key.value != 0 or isinstance(key.value, bool):
        return False
    if call.name.endswith(".access_route[]"):
        return True
    receiver = call.receiver
    while isinstance(receiver, Thing):
        if reads_address(Call(receiver.name, call.span, receiver.arguments, call.phase)):
            return call.name.endswith((".split[]", ".getlist[]"))
        receiver = receiver.of
    return False


def _other_headers(deployment: Deployment) -> Iterator[Finding]:
    for call in fixes(deployment.code):
        for name in ("x_port", "x_prefix"):
            argument = call.argument(99, name)
            if argument is not None and isinstance(argument.value, Known) and argument.value.value:
                yield Finding(
                    ID,
                    SEVERITY,
                    argument.span,
                    f"{deployment.platform.title} does not write the header that {name} trusts: what the visitor sends "
                    "there is believed.",
                    f"Leave {name} out: only X-Forwarded-For, -Proto and -Host are the platform's own.",
                )


def _servers(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each server that takes the first entry from whoever connects, where the app uses it."""
    address = next((use.span for use in uses(deployment.code) if use.kind == "address"), None)
    if address is None or fixes(deployment.code):
        return
    for server in believes_everybody(deployment):
        yield Finding(
            ID,
            SEVERITY,
            getattr(server.trusted_proxies, "span", None) or server.span,
            f"With «*» {server.name} takes the first entry of X-Forwarded-For, which is what the visitor sent: on "
            f"{deployment.platform.title} anybody can pass for any address.",
            "Name the addresses of the platform's proxies instead of «*».",
            related=(Related(address, "the address is used here"),),
        )
