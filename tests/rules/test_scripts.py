"""Programs that run anew for each visitor, and functions that a library calls for each of them."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]
RUN = "streamlit run app.py --server.port $PORT --server.address 0.0.0.0"


@pytest.mark.parametrize(
    ("code", "rule", "expected"),
    [
        ('import sqlite3\nsqlite3.connect("x.db")', "file-database", ["error"]),
        ('f = st.file_uploader("f")\nif f:\n    open("up/x", "wb").write(f.getbuffer())', "local-upload", ["error"]),
        ('f = st.file_uploader("f")\nif f:\n    st.write(len(f.read()))', "local-upload", []),
        ('open("x.json", "w").write("x")', "local-write", ["warning"]),
        ('items = []\nitems.append(st.text_input("x"))\nst.write(items)', "in-memory-state", []),
        ('import nltk\nnltk.download("vader_lexicon")', "slow-import", ["warning"]),
        ("import store\nstore.items.append(st.text_input('x'))\nst.write(store.items)", "in-memory-state", ["error"]),
    ],
)
def test_streamlit(findings: Findings, code: str, rule: str, expected: list[str]) -> None:
    files = {"app.py": f"import streamlit as st\n{code}\n", "store.py": "items = []\n"}
    assert [str(f.severity) for f in findings(files, RUN, rule=rule)] == expected


def test_the_functions_of_gradio_handle_requests(findings: Findings) -> None:
    app = """\
import os
import gradio as gr

def answer(text):
    with open("log.txt", "a") as file:
        file.write(text)
    return text

gr.Interface(fn=answer, inputs="text", outputs="text").launch(server_name="0.0.0.0", server_port=int(os.environ["PORT"]))
"""
    assert [f.span.line for f in findings({"app.py": app}, "python app.py", rule="local-write")] == [5]


def test_the_messages_of_a_bot_are_requests(findings: Findings) -> None:
    app = """\
from flask import Flask, request
from linebot import LineBotApi, WebhookHandler
from linebot.models import MessageEvent, TextMessage

app = Flask(__name__)
handler = WebhookHandler("x")
said = {}

@app.route("/callback", methods=["POST"])
def callback():
    handler.handle(request.get_data(as_text=True), "x")
    return "ok"

@handler.add(MessageEvent, message=TextMessage)
def answer(event):
    before = said.get(event.source.user_id)
    said[event.source.user_id] = event.message.text
    return before
"""
    found = findings({"app.py": app}, "gunicorn app:app", rule="in-memory-state")
    assert [(f.span.line, str(f.severity)) for f in found] == [(17, "error")]
