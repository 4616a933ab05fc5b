"""Python code, executed on paper: statements run over values that may be unknown, and nothing is imported or run.

`engine` is the way in. `parse` reads a file and `modules` finds what an import means; `execute` follows statements
(`imports`, `definitions`, `assignments`, `control`) and `evaluate` expressions (`literals`, `operators`, `access`);
`call` follows calls, `library` those of libraries with what `standard` lists; `frameworks` tells which function handles
a request. `objects` are the values, `machine` is the state of one run, `public` turns both into the model.
"""
