import os

from flask import Flask, request
from sqlalchemy import create_engine, text

app = Flask(__name__)
# The platform says postgres://, SQLAlchemy wants the name of the driver too.
engine = create_engine(os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg://", 1))


@app.get("/")
def entries():
    with engine.connect() as connection:
        return [row.line for row in connection.execute(text("select line from entries"))]


@app.post("/")
def sign():
    with engine.begin() as connection:
        connection.execute(text("insert into entries (line) values (:line)"), {"line": request.form["line"]})
    return "Thank you", 201
