"""Language data that nothing puts on the platform: what is found, and the look-alikes."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Check = Callable[..., tuple[Finding, ...]]

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
SPACY = "import spacy\n" + FLASK + "reader = spacy.load('en_core_web_sm')\n"
STOPWORDS = "import nltk\nfrom nltk.corpus import stopwords\n" + FLASK + "@app.route('/')\ndef show():\n    {}\n"
KEPT = STOPWORDS.format("return stopwords.words('english')")
WORDS = STOPWORDS.format("return nltk.word_tokenize('a b')")
MODEL = "https://github.com/explosion/spacy-models/releases/download/en_core_web_sm-3.8.0/en_core_web_sm-3.8.0.tar.gz"
IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n{}CMD gunicorn app:app\n"


def files(app: str, *requirements: str, **more: str) -> dict[str, str]:
    told = "\n".join(("flask", "gunicorn", *requirements))
    named = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in more.items()}
    return {"Procfile": "web: gunicorn app:app", "requirements.txt": f"{told}\n", "app.py": app, **named}


def seen(found: tuple[Finding, ...]) -> list[str]:
    return [f"{one.severity} {one.span.line}: {one.message.partition('«')[2].partition('»')[0]}" for one in found]


@pytest.mark.parametrize(
    ("app", "requirements", "found"),
    [
        (SPACY, ("spacy",), ["error 4: en_core_web_sm"]),
        (SPACY, ("spacy", MODEL), []),
        (SPACY, ("spacy", f"en_core_web_sm @ {MODEL}"), []),
        (SPACY, ("spacy", "-r https://example.org/more.txt"), []),
        (SPACY.replace("'en_core_web_sm'", "'./model'"), ("spacy",), []),
        (SPACY.replace("'en_core_web_sm'", "name"), ("spacy",), []),
        (SPACY.replace("reader =", "try:\n    reader =") + "except OSError:\n    reader = None\n", ("spacy",), []),
        ("import spacy.cli\nspacy.cli.download('en_core_web_sm')\n" + SPACY, ("spacy",), []),
        ("# python -m spacy download en_core_web_sm\n" + SPACY, ("spacy",), ["error 5: en_core_web_sm"]),
        (KEPT, ("nltk",), ["warning 7: stopwords"]),
        (KEPT.replace("app =", "nltk.download('stopwords')\napp ="), ("nltk",), []),
        (KEPT.replace("app =", "nltk.download('punkt')\napp ="), ("nltk",), ["warning 8: stopwords"]),
        (KEPT.replace("app =", "nltk.download('popular')\napp ="), ("nltk",), []),
        (KEPT.replace("app =", "for n in ['stopwords']: nltk.download(n)\napp ="), ("nltk",), []),
        (KEPT.replace("app =", "nltk.data.path.append('data')\napp ="), ("nltk",), []),
        (WORDS, ("nltk",), ["warning 7: punkt_tab"]),
        (WORDS, ("nltk==3.8.1",), ["warning 7: punkt"]),
        (WORDS.replace("app =", "nltk.download('punkt')\napp ="), ("nltk",), ["warning 8: punkt_tab"]),
        (WORDS.replace("app =", "nltk.download('punkt')\napp ="), ("nltk==3.8.1",), []),
    ],
)
def test_what_code_and_requirements_bring(
    findings: Check, app: str, requirements: tuple[str, ...], found: list[str]
) -> None:
    assert seen(findings(files(app, *requirements), rule="missing-data")) == found


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"build_DOT_sh": "python -m nltk.downloader stopwords\n"}, []),
        ({"build_DOT_sh": "python -m nltk.downloader punkt\n"}, ["warning 7: stopwords"]),
        ({"fetch_DOT_py": "import nltk\nnltk.download(['stopwords', 'punkt'])\n"}, []),
        ({"nltk_data__corpora__stopwords__english": "a\n"}, []),
        ({"README_DOT_md": "python -m nltk.downloader stopwords\n"}, ["warning 7: stopwords"]),
        ({"nltk_DOT_txt": "stopwords\n"}, ["warning 7: stopwords"]),
        ({"Dockerfile": IMAGE.format("RUN python -m nltk.downloader stopwords\n")}, []),
        ({"Dockerfile": IMAGE.format("ENV NLTK_DATA=/data\n")}, []),
        ({"Dockerfile": IMAGE.format("")}, ["notice 7: stopwords"]),
    ],
)
def test_what_other_files_fetch_or_hold(findings: Check, more: dict[str, str], found: list[str]) -> None:
    told = files(KEPT, "nltk", **more)
    if "Dockerfile" in told:
        del told["Procfile"]
    assert seen(findings(told, rule="missing-data")) == found


def test_what_was_looked_for_before_counts_as_fetched(findings: Check) -> None:
    looked = "try:\n    stopwords.words('english')\nexcept LookupError:\n    fetch()\napp ="
    assert seen(findings(files(KEPT.replace("app =", looked), "nltk"), rule="missing-data")) == []
