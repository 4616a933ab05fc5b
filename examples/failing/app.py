from flask import Flask, request
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine("sqlite:///guestbook.db")


@app.get("/")
def entries():
    with engine.connect() as connection:
        return [row.line for row in connection.execute(text("select line from entries"))]


@app.post("/")
def sign():
    with engine.begin() as connection:
        connection.execute(text("insert into entries (line) values (:line)"), {"line": request.form["line"]})
    return "Thank you", 201
