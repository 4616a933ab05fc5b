"""Readers: one file per kind of input, text in and model parts out; pure, and never raising on user text."""
