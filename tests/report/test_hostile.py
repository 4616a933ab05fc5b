"""What strangers write into files, and what a runner, a browser or a terminal would make of our reports of it."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from adaptable_preflight.finding import Edit, Finding, Fix, Related, Severity
from adaptable_preflight.model import Origin, Process
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report import Surroundings, render
from adaptable_preflight.source import Span

Run = Callable[..., Preflight]

FORMATS = ("text", "json", "sarif", "github", "summary", "gitlab", "junit")
PAYLOADS = (
    "::error::CANARY",
    "\n::error::CANARY",
    "\r::set-env name=A::CANARY",
    "\u2003::add-mask::CANARY",
    "x ##[error]CANARY",
    "#\u200b#[error]CANARY",
    "\u2028::stop-commands::CANARYCANARY",
    "\u00ad::error::CANARY",
    "\u034f::error::CANARY",
    "\ufe0f##\ufe0f[error]CANARY",
    "<script>CANARY</script><img src=x onerror=CANARY>",
    "@CANARY #1 [CANARY](https://evil.example) ![x](https://evil.example/p.png) https://evil.example",
    "``` </pre></code> ```\n# CANARY",
    "$CANARY$ **CANARY** | CANARY :tada: -->",
    "\x1b[31mCANARY\x1b]0;CANARY\x07\x9b31m",
    "%0A::error::CANARY",
    "]]><x>CANARY & \"' \ud800",
)

_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_INVISIBLE = re.compile("[\x00\xad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
_COMMAND = re.compile(r"^::([a-z-]+)(?: [^\n]*?)?::|##\[([a-z-]+)[^\]]*\]")


def commands(log: str) -> list[str]:
    """Return the names of the workflow commands that a runner would obey."""
    lines = (_INVISIBLE.sub("", line).lstrip(_SPACE) for line in re.split("\r\n|\r|\n", log))
    return [found[1] or found[2] for found in map(_COMMAND.search, lines) if found]


def hostile(run: Run, payload: str) -> Preflight:
    """Return a run in which the payload stands wherever text of the repository can stand."""
    path = payload.replace("/", "_").replace("\0", "") or "x"
    written = path.encode("utf-8", "surrogateescape" if "\ud800" not in path else "surrogatepass")
    name = written.decode("utf-8", "surrogateescape")
    span, code = Span("app.py", 1, 1, 1, 5), Span("Procfile", 1, 1, 1, 3)
    findings = [
        Finding(
            "unused-allow",
            Severity.ERROR,
            Span(name, 1, 1, 1, 3),
            payload,
            payload,
            fix=Fix((Edit(code, payload),), True),
        ),
        Finding("unused-allow", Severity.WARNING, span, f"said {payload}", payload, related=(Related(span, payload),)),
        Finding("unused-allow", Severity.NOTICE, code, f"x {payload}", "y"),
    ]
    web = Process("web", Origin("procfile", span), payload, True, "fails", payload)
    other = web._replace(name=payload, outcome="unknown")
    clean = payload.encode("utf-8", "replace").decode()
    files = {"app.py": clean, "Procfile": f"web: {clean}"}
    return run(files, *findings, processes=(web, other))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("form", FORMATS)
def test_no_text_of_the_repository_becomes_a_command(run: Run, form: str, payload: str) -> None:
    log = render(form, hostile(run, payload), Surroundings("", "https://github.example/o/r/blob/abc"))
    expected = ["error", "warning", "notice"] if form == "github" else []
    assert commands(log) == expected
    assert "\r" not in log
    assert "\x1b" not in log


@pytest.mark.parametrize("payload", PAYLOADS)
def test_json_says_the_text_as_it_is(run: Run, payload: str) -> None:
    answer = json.loads(render("json", hostile(run, payload)))
    assert answer["findings"][0]["message"] == f"{payload} {payload}".rstrip()
    json.loads(render("sarif", hostile(run, payload)))


class Seen(HTMLParser):
    """The tags and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links.update(value or "" for _, value in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_summary_holds_no_markup_of_the_repository(run: Run, payload: str) -> None:
    text = render("summary", hostile(run, payload), Surroundings("", "https://github.example/o/r/blob/abc"))
    outside_of_fences = re.sub(r"^(`{3,})diff$.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    page = Seen()
    page.feed(outside_of_fences)
    assert page.tags <= {"a", "code", "pre", "b", "br"}
    assert all(link.startswith("https://github.example/o/r/blob/abc/") for link in page.links)
    assert not re.search(
        r"@CANARY|#1\b|https://evil|\$CANARY|\*\*CANARY|:tada:|^# CANARY", outside_of_fences, re.MULTILINE
    )
    if payload.isprintable():
        assert payload in page.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_junit_is_xml(run: Run, payload: str) -> None:
    from xml.etree import ElementTree

    suite = ElementTree.fromstring(render("junit", hostile(run, payload)).encode("utf-8"))
    assert len(suite) == 11
