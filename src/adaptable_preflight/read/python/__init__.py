"""Python code, executed on paper: statements run over values that may be unknown, and nothing is imported or run.

`engine` is the way in. `parse` reads a file, `modules` finds what an import means, `execute` and `evaluate` follow
statements and expressions, `call` follows calls, `library` knows the standard library's part, `frameworks` tells which
function handles a request; `objects` are the values, `machine` is the state of one run.
"""
