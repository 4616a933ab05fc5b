"""Which program a script ends up running."""

import pytest

from tests.start.conftest import Runs

FILES = {"app.py": "", "src/app.py": "", "run.sh": "#!/bin/sh\nexec serve in-script $1\n", "vars": "X=7\n"}


@pytest.mark.parametrize(
    ("text", "served"),
    [
        ("true && serve a || serve b", ["a"]),
        ("false && serve a || serve b", ["b"]),
        ("false; serve a", ["a"]),
        ("serve a; serve b", ["a"]),
        ("[ -f app.py ] && serve a", ["a"]),
        ("[ -f none.py ] && serve a", []),
        ('if [ -z "$PORT" ]; then PORT=1; fi; serve $PORT', ["$PORT"]),
        ('if [ "$PORT" = "" ]; then serve a; else serve b; fi', ["b"]),
        ("if test -d src; then cd src; fi; serve a", ["a"]),
        ("case web in w*) serve a;; *) serve b;; esac", ["a"]),
        ("X=; for x in 1 2 3; do X=$X$x; done; serve $X", ["123"]),
        ("while true; do serve a; done", ["a"]),
        ("until nc -z db 5432; do sleep 1; done; serve a", ["a"]),
        ("f() { serve $1; }; f b", ["b"]),
        ("sh run.sh c", ["in-script c"]),
        ("./run.sh c", ["in-script c"]),
        (". ./vars; serve $X", ["7"]),
        ("set -e; false; serve a", []),
        ("set -e; false || true; serve a", ["a"]),
        ("(cd src && serve a)", ["a"]),
        ("echo x | serve a", ["a"]),
        ("python manage.py migrate && serve a", []),
        ("pip install x && mkdir -p logs && serve a > logs/x", ["a"]),
        ("serve a > none/x", []),
        ("exec serve a; serve b", ["a"]),
        ("sh -c 'serve a' && serve b", ["a"]),
        ("timeout 60 nohup nice -n 5 serve a", ["a"]),
        ("env -u PORT X=1 serve a", ["a"]),
        ("\r\nserve a", ["a"]),
        ("set -e\n\r\nserve a", []),
    ],
)
def test_served(run: Runs, text: str, served: list[str]) -> None:
    _, recorder = run(text, FILES)
    assert recorder.served == served


@pytest.mark.parametrize("text", ["[[ -n x ]] && serve a", "source ./vars; serve $X", "serve a &> x b"])
def test_shells_differ(run: Runs, text: str) -> None:
    result, _ = run(text, FILES)
    assert result.unknown is not None
    assert "bash" in result.unknown.why
    alone, recorder = run(f"bash -c '{text}'", FILES)
    assert alone.unknown is None
    assert recorder.served


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("serve 'a", "shell-syntax"),
        ("serve app:create_app()", "shell-syntax"),
        ("serve a && && serve b", "shell-syntax"),
        ("sh none.sh", "missing-script"),
        ("./none.sh", "missing-script"),
        ("cd none && serve a", "missing-file"),
        ("'serve a'", "missing-program"),
        ("set -u; serve $NONE", "shell-syntax"),
    ],
)
def test_failures(run: Runs, text: str, kind: str) -> None:
    result, recorder = run(text, FILES, env={})
    assert not recorder.served
    assert result.failure is not None
    assert result.failure.kind == kind


def test_background(run: Runs) -> None:
    result, _ = run("serve a & serve b & wait")
    assert len(result.servers) == 2
    assert not [remark for remark in result.remarks if remark.kind == "detached"]
    alone, _ = run("serve a &")
    assert [remark.kind for remark in alone.remarks] == ["detached"]


def test_lines_before_a_refused_one_run(run: Runs) -> None:
    _, recorder = run("serve a\nfi\n")
    assert recorder.served == ["a"]


def test_undecided_condition(run: Runs) -> None:
    result, _ = run('if [ "$MODE" = dev ]; then serve a; else serve b; fi')
    assert result.unknown is not None
    assert result.unknown.span is not None


@pytest.mark.parametrize(
    ("test", "likely"),
    [
        ('[ ! -z "$SOCKET" ]', "b"),
        ('[ -n "$SOCKET" ]', "b"),
        ('[ -n "${SOCKET:-}" ]', "b"),
        ('[ "$SOCKET" ]', "b"),
        ('[ "$SOCKET" != "" ]', "b"),
        ('! [ -z "$SOCKET" ]', "b"),
        ('test -n "$SOCKET" -a -n "$OTHER"', "b"),
        ('[ -z "$SOCKET" ]', "a"),
        ('! [ -n "$SOCKET" ]', "a"),
        ('[ "$SOCKET" = "" ]', "a"),
        ('[ -n "$SOCKET" ] || [ -z "$OTHER" ]', "a"),
        ('[ "$SOCKET" = on ]', "b"),
        ('[ "${SOCKET:-0}" = 1 ]', "b"),
        ('[ "x$SOCKET" = x ]', "a"),
        ('[ "$SOCKET" != on ]', "a"),
        ('[ "${SOCKET:-on}" = on ]', "a"),
        ('[ "$PORT" = 80 -a "$SOCKET" = on ]', "b"),
    ],
)
def test_a_condition_that_asks_whether_anybody_sets_a_variable(run: Runs, test: str, likely: str) -> None:
    result, _ = run(f"if {test}; then serve a; else serve b; fi")
    assert result.unknown is not None
    assert [server.worker_class for server in result.servers] == [likely]


@pytest.mark.parametrize("ways", ["serve a; else flask run", "flask run; else serve a"])
def test_a_mode_that_ends_in_a_development_server_is_not_the_one_that_is_deployed(run: Runs, ways: str) -> None:
    result, _ = run(f'if [ "$MODE" = on ]; then {ways}; fi')
    assert result.unknown is not None
    assert [server.worker_class for server in result.servers] == ["a"]


@pytest.mark.parametrize(
    ("items", "served"),
    [
        ("${X//:/ }", True),
        ("$X", True),
        ("a b", True),
        ("a", False),
    ],
)
def test_an_item_of_an_array_whose_length_is_not_known(run: Runs, items: str, served: bool) -> None:
    text = f'HP=({items}); if [[ "${{HP[1]}}" == "" ]]; then exit 1; fi; serve a'
    result, _ = run(text, dialect="bash")
    assert bool(result.servers) is served


@pytest.mark.parametrize(("argument", "served"), [("db:5432", ["5432"]), ("db", [])])
def test_the_items_that_an_argument_is_split_into(run: Runs, argument: str, served: list[str]) -> None:
    script = 'HP=(${1//:/ })\nif [[ "${HP[1]}" == "" ]]; then exit 1; fi\nserve ${HP[1]}\n'
    _, recorder = run(f"bash wait.sh {argument}", {"wait.sh": script})
    assert recorder.served == served


def test_conditions_of_which_each_asks_for_a_variable(run: Runs) -> None:
    result, _ = run('if [ -n "$A" ]; then serve a; elif [[ -n $B ]]; then serve b; else serve c; fi', dialect="bash")
    assert result.unknown is not None
    assert [server.worker_class for server in result.servers] == ["c"]


@pytest.mark.parametrize(("value", "served"), [("x", "a"), ("", "b")])
def test_a_condition_that_a_known_variable_decides(run: Runs, value: str, served: str) -> None:
    result, _ = run('if [ -n "$SOCKET" ]; then serve a; else serve b; fi', env={"SOCKET": value})
    assert result.unknown is None
    assert [server.worker_class for server in result.servers] == [served]


@pytest.mark.parametrize("text", ["serve a${X[@]}b | cat", "x | ${", "cat ${a:?} | sh", "$(", "`"])
def test_an_expansion_that_fails_ends_in_an_answer(run: Runs, text: str) -> None:
    result, _ = run(text, env={})
    assert result.failure or result.unknown or result.status != 0


CHECK = "while true; do check; result=$?; "


@pytest.mark.parametrize(
    "loop",
    [
        'if [ "$result" -eq 42 ]; then continue; fi; break; done',
        'if [ "$result" -ne 42 ]; then break; else continue; fi; done',
        'if [ "$result" -eq 0 ]; then X=1; break; fi; sleep 1; done',
    ],
)
def test_a_loop_that_an_open_condition_leaves_is_taken_to_end(run: Runs, loop: str) -> None:
    _, recorder = run(f"nc -z db 1; {CHECK.replace('check', 'nc -z db 1')}{loop}; serve a")
    assert recorder.served == ["a"]


def test_what_a_loop_over_a_list_may_pass_over(run: Runs) -> None:
    assert run('for p in /plugins/*/; do test -d "$p" || continue; cd "$p"; done; serve a')[1].served == ["a"]


def test_a_function_that_starts_a_server_again_and_again(run: Runs) -> None:
    script = (
        'f() { while :; do "$@" & wait $!; r=$?; if [ $r -eq 42 ]; then continue; fi; return $r; done; }; f %s; exit $?'
    )
    assert [server.worker_class for server in run(script % "serve a")[0].servers] == ["a"]
    result, _ = run(script % "strange a")
    assert (result.failure, result.unknown is not None) == (None, True)


@pytest.mark.parametrize(
    "check",
    [
        'if [ "$X" = y ]; then return 1; fi; return 0',
        'if [ "$X" = y ]; then return 0; fi; return 1',
        'if [ "$X" = y ]; then return 1; else return 0; fi',
        'while :; do if [ "$X" = y ]; then return 0; fi; sleep 1; done',
    ],
)
def test_a_function_that_may_fail_is_taken_to_succeed(run: Runs, check: str) -> None:
    assert run(f"f() {{ {check}; }}; f && serve a")[1].served == ["a"]


def test_a_loop_that_ends_the_script_by_an_open_condition(run: Runs) -> None:
    watch = "while true; do sleep 60; nc -z localhost 1; if [ $? -ne 0 ]; then exit 1; fi; done"
    assert run(watch)[0].unknown is not None
    assert [server.worker_class for server in run(f"serve a & {watch}")[0].servers] == ["a"]
