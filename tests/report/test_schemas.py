import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adaptable_preflight import platforms
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.clauses import CLAUSES
from adaptable_preflight.finding import Edit, Finding, Fix, Related, Severity
from adaptable_preflight.model import App, Descriptor, Origin, Process, Server, Tcp, Unix, UnknownBind
from adaptable_preflight.preflight import Preflight, preflight
from adaptable_preflight.report import facts, render
from adaptable_preflight.settings import Allow, Settings
from adaptable_preflight.source import START_COMMAND, Span
from adaptable_preflight.value import Concat, FromEnv, Known, Unknown

ROOT = Path(__file__).parents[2]
SPAN = Span("Procfile", 1, 6, 1, 9)


def schema(name: str) -> Any:
    return json.loads((ROOT / "docs" / f"{name}.schema.json").read_text())


def everything(run: Callable[..., Preflight]) -> Preflight:
    """Return a run in which each part of the JSON has each of its forms."""
    binds = (
        Tcp(Known("0.0.0.0"), Known("8000"), SPAN),
        Tcp(FromEnv("HOST"), FromEnv("PORT", Known("8000"), number=True), SPAN),
        Tcp(Known("0.0.0.0"), Concat((Known("80"), FromEnv("X"))), SPAN),
        Tcp(Unknown("it is read from a file"), Known("1"), SPAN),
        Unix(Known("web.sock"), SPAN),
        Unix(Unknown("x"), SPAN),
        Descriptor(3, SPAN),
        UnknownBind("nobody knows", SPAN),
    )
    server = Server("gunicorn", "wsgi", SPAN, binds, None, None, tls=(SPAN,))
    app = App("app", "app", False, None, "app.py", SPAN, "flask")
    web = Process("web", Origin("procfile", SPAN), "x", True, "listens", None, (server,), app)
    bare = Process("worker", Origin("setting", SPAN._replace(path=START_COMMAND)), "y", False, "fails", "it ends")
    related = (Related(SPAN, "because"),)
    found = Finding("unused-allow", Severity.ERROR, SPAN, "x", "y", "low", related, Fix((Edit(SPAN, "z"),), True))
    allow = Allow("Procfile", "unused-allow", "why", SPAN._replace(line=2))
    return run(
        {"Procfile": "web: x\n"},
        found,
        found._replace(span=SPAN._replace(path=START_COMMAND)),
        processes=(web, bare),
        settings={"allow": (allow,)},
    )


def test_the_report_is_what_its_schema_says(run: Callable[..., Preflight]) -> None:
    answer = json.loads(render("json", everything(run)))
    jsonschema.validate(answer, schema("check"))
    assert [bind["kind"] for bind in answer["processes"][0]["binds"]] == [
        *("tcp", "tcp", "unknown", "unknown", "unix", "unknown", "fd", "unknown")
    ]
    assert answer["processes"][0]["binds"][1] == {
        "kind": "tcp",
        "host": {"env": "HOST", "default": None},
        "port": {"env": "PORT", "default": "8000"},
    }
    assert [clause["id"] for clause in answer["clauses"]] == list(CLAUSES)
    assert [each["silenced_by"] for each in answer["silenced"]] == ["Procfile:2: why"]
    assert len(answer["findings"]) == 1


@pytest.mark.parametrize("example", ["failing", "repaired"])
def test_the_examples_are_what_the_schemas_say(example: str) -> None:
    checkout = Checkout(str(ROOT / "examples" / example))
    made = preflight(checkout, Settings(), platforms.load("adaptable"))
    jsonschema.validate(json.loads(render("json", made)), schema("check"))
    printed = json.loads(facts.render(made.deployment))
    jsonschema.validate(printed, schema("facts"))
    assert printed["requirements"]
    assert printed["reach"]["modules"] == ["app.py"]


def test_the_schemas_themselves_are_sound() -> None:
    for name in ("check", "facts"):
        jsonschema.Draft202012Validator.check_schema(schema(name))
    assert schema("check")["$defs"]["process"] == schema("facts")["$defs"]["process"]
