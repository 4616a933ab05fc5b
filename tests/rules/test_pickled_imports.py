"""What unpickling a file of the repository imports: real pickles, of classes whose modules are made up."""

import gzip
import pickle
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.finding import Finding
from adaptable_preflight.read.pickles import HEAD, TOTAL, pickled_names

Findings = Callable[..., tuple[Finding, ...]]
FLASK = "from flask import Flask\napp = Flask(__name__)\n"
OLD, NEW = "sklearn.linear_model.base", "sklearn.linear_model._base"


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., bytes]]:
    """Return a function from a module's name to the pickle of an object of a class in it."""

    def make(module: str, protocol: int = 4, **state: object) -> bytes:
        regression = type("LinearRegression", (), {"__module__": module})
        holder = ModuleType(module)
        holder.LinearRegression = regression  # type: ignore[attr-defined]
        parts = module.split(".")
        for end in range(1, len(parts)):
            monkeypatch.setitem(sys.modules, ".".join(parts[:end]), ModuleType(parts[end - 1]))
        monkeypatch.setitem(sys.modules, module, holder)
        made = regression()
        made.__dict__.update(state)
        return pickle.dumps([made, made.__class__], protocol)

    yield make


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("pack", [bytes, zlib.compress, gzip.compress])
def test_the_names_in_a_pickle(
    tmp_path: Path, model: Callable[..., bytes], protocol: int, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "m.pkl").write_bytes(pack(model(NEW, protocol, text="base", numbers=[1, 2])))
    ((_, found),) = pickled_names(["m.pkl"], Checkout(str(tmp_path)))
    assert set(found) - {("copy_reg", "_reconstructor"), ("copyreg", "_reconstructor"), ("__builtin__", "object")} == {
        (NEW, "LinearRegression")
    }


def test_what_stands_in_front_of_the_numbers_is_enough(tmp_path: Path, model: Callable[..., bytes]) -> None:
    (tmp_path / "m.pkl").write_bytes(model(NEW, values=b"x" * 2 * HEAD))
    ((_, found),) = pickled_names(["m.pkl"], Checkout(str(tmp_path)))
    assert (NEW, "LinearRegression") in found


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"\x80\x04\x8c\xff", b"\x78\x9cno zlib", b"\x80\x02c\xff\xff\n\xff\n.", b"text"]
)
def test_what_is_no_pickle_names_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "m.pkl").write_bytes(data)
    assert list(pickled_names(["m.pkl"], Checkout(str(tmp_path)))) == []


def test_many_pickles_are_not_all_looked_at(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(b"\x80\x03cm\nC\n." + b" " * HEAD)
    found = list(pickled_names(["m.pkl"] * 100, Checkout(str(tmp_path))))
    assert len(found) == -(-TOTAL // HEAD)


LOAD = "import pickle\nmodel = pickle.load(open('m.pkl', 'rb'))\n"
IN_REQUEST = "import joblib\n@app.route('/')\ndef home():\n    return joblib.load('m.pkl').predict()\n"


@pytest.mark.parametrize(
    ("code", "module", "requirements", "expected"),
    [
        (LOAD, NEW, "flask\ngunicorn\n", [("undeclared-import", "warning", 4)]),
        (LOAD, NEW, "flask\ngunicorn\nscikit-learn\n", []),
        (LOAD, OLD, "flask\ngunicorn\nscikit-learn\n", [("removed-api", "error", 4)]),
        (LOAD, OLD, "flask\ngunicorn\nscikit-learn==0.21.3\n", []),
        (LOAD, OLD, "flask\ngunicorn\nscikit-learn==1.2.2\n", [("removed-api", "error", 4)]),
        (LOAD, "app", "flask\ngunicorn\n", []),
        (
            LOAD.replace("model =", "model = None\ntry:\n    model =") + "except Exception:\n    pass\n",
            NEW,
            "flask\n",
            [],
        ),
        (IN_REQUEST, NEW, "flask\ngunicorn\njoblib\n", [("undeclared-import", "warning", 6)]),
        ("import pickle\n", NEW, "flask\ngunicorn\n", []),
    ],
)
def test_what_a_model_needs(
    findings: Findings,
    model: Callable[..., bytes],
    code: str,
    module: str,
    requirements: str,
    expected: list[tuple[str, str, int]],
) -> None:
    files = {"app.py": FLASK + code, "m.pkl": model(module), "requirements.txt": requirements}
    found = findings(files, "gunicorn app:app")
    about = [f for f in found if f.rule in ("undeclared-import", "removed-api")]
    assert [(f.rule, str(f.severity), f.span.line) for f in about] == expected
    assert all("Unpickling «m.pkl»" in f.message for f in about)


def test_a_pickle_may_name_a_module_of_the_repository(findings: Findings, model: Callable[..., bytes]) -> None:
    own = f"{NEW.replace('.', '/')}.py"
    files = {"app.py": FLASK + LOAD, "m.pkl": model(NEW), "requirements.txt": "flask\ngunicorn\n", own: ""}
    assert findings(files, "gunicorn app:app", rule="undeclared-import") == ()


@pytest.mark.parametrize(
    ("command", "code", "expected"),
    [
        ("gunicorn app:app", "import pickle\nm = pickle.load(open('m.pkl', 'rb'))\n", ["error"]),
        ("gunicorn app:app", "import joblib\n@app.route('/')\ndef i():\n    return joblib.load('m.pkl')\n", ["warning"]),
        ("python app.py", "import pickle\nm = pickle.load(open('m.pkl', 'rb'))\napp.run(host='0.0.0.0')\n", []),
        ("gunicorn app:app", "import pickle, __main__\nm = pickle.load(open('m.pkl', 'rb'))\n", []),
    ],
)  # fmt: skip
def test_what_only_the_program_had_that_made_the_file(
    findings: Findings, command: str, code: str, expected: list[str]
) -> None:
    data = b"\x80\x04\x95\x19\x00\x00\x00\x00\x00\x00\x00\x8c\x08__main__\x94\x8c\x08tokenize\x94\x93\x94."
    found = findings({"app.py": FLASK + code, "m.pkl": data}, command, rule="missing-file")
    assert [str(one.severity) for one in found if "«tokenize»" in one.message] == expected
