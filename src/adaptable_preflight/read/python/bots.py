"""What becomes of a program that waits for a bot's messages: it stays, and code behind it is not reached."""

from adaptable_preflight.knowledge.bots import WEB_MODULES
from adaptable_preflight.read.python.machine import Machine, Stay
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown


def stay(machine: Machine, span: Span) -> None:
    """Stay where a bot waits; a function of the bot may open a socket where the program can serve HTTP at all."""
    if machine.phase not in ("import", "background"):
        return
    web = any(one.module in WEB_MODULES or one.module.partition(".")[0] in WEB_MODULES for one in machine.imports)
    if machine.phase == "import" and not machine.servers and (web or machine.may_serve):
        machine.doubts.append(Unknown("whether the bot's own functions start a web server is not known", span))
    raise Stay
