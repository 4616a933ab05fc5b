from collections.abc import Callable

from adaptable_preflight.finding import Edit, Finding, Fix, Severity
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report import summary
from adaptable_preflight.source import Span

Run = Callable[..., Preflight]
TREE = "https://github.example/o/r/blob/abc"


def finding(line: int, message: str = "it is gone", safe: bool = True) -> Finding:
    span = Span("Procfile", line, 1, line, 3)
    return Finding("unused-allow", Severity.ERROR, span, message, "b", fix=Fix((Edit(span, "new"),), safe))


def test_the_verdict_comes_first_and_places_are_links_to_this_commit(run: Run) -> None:
    text = summary.render(run({"Procfile": "old\nold\n"}, finding(2)), "apps/web/", TREE)
    assert text.startswith("## ❌ Pre-flight for Adaptable\n")
    assert f'<a href="{TREE}/apps/web/Procfile#L2"><code>Procfile&#58;2</code></a>' in text
    assert "<pre><b>ol</b>d</pre>" in text


def test_without_a_repository_places_are_no_links(run: Run) -> None:
    assert "<a " not in summary.render(run({"Procfile": "old\n"}, finding(1)))


def test_safe_fixes_are_one_diff_and_others_are_not_shown(run: Run) -> None:
    text = summary.render(run({"Procfile": "old\nkept\n"}, finding(1), finding(2, safe=False)), "apps/")
    assert "```diff\n--- a/apps/Procfile\n+++ b/apps/Procfile\n@@ -1,2 +1,2 @@\n-old\n+newd\n kept\n```\n" in text


def test_a_fence_is_longer_than_what_stands_in_it(run: Run) -> None:
    text = summary.render(run({"Procfile": "old ````` x\n"}, finding(1)))
    assert "``````diff\n" in text


def test_a_long_summary_is_cut_below_the_limit_and_says_by_how_much(run: Run) -> None:
    many = [finding(n, f"cause {n} " + "x" * 9000) for n in range(1, 151)]
    text = summary.render(run({"Procfile": "old\n" * 150}, *many))
    shown = text.count("**unused&#45;allow**") + text.count("**unused-allow**")
    assert len(text.encode()) < 1024 * 1024
    assert 0 < shown < 150
    assert f"**{150 - shown} more findings** would not fit here" in text
