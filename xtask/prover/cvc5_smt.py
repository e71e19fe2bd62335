"""SMT-LIB 2 on standard input and output, answered by cvc5's Python wheel.

The wheel brings the solver as a library and no program. This reads whole commands (balanced
parentheses outside of strings, quoted symbols and comments), runs each, and prints what it says.
"""

import sys

import cvc5

TIME_LIMIT_MS = "60000"


def commands(stream):
    """Whole commands, as they come."""
    text, depth, quote = [], 0, None
    for line in stream:
        comment = False
        for c in line:
            if comment:
                continue
            if quote is None and c == ";":
                comment = True
                continue
            text.append(c)
            if quote is not None:
                if c == quote:
                    quote = None
            elif c in '"|':
                quote = c
            elif c == "(":
                depth += 1
            elif c == ")":
                depth -= 1
                if depth == 0:
                    yield "".join(text)
                    text = []


def fresh():
    """A solver that has seen nothing."""
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("tlimit-per", TIME_LIMIT_MS)
    symbols = cvc5.SymbolManager(solver)
    parser = cvc5.InputParser(solver, symbols)
    parser.setIncrementalStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "stdin")
    return solver, symbols, parser


def main():
    if sys.argv[1:] == ["--version"]:
        print("cvc5", cvc5.__version__)
        return
    solver, symbols, parser = fresh()
    for command in commands(sys.stdin):
        if command.strip() == "(reset)":
            solver, symbols, parser = fresh()
            continue
        try:
            parser.appendIncrementalStringInput(command)
            parsed = parser.nextCommand()
            said = "" if parsed.isNull() else str(parsed.invoke(solver, symbols))
        except Exception as error:  # the prover reads errors in SMT-LIB's own form
            said = '(error "%s")\n' % str(error).replace('"', "'").replace("\n", " ")
        sys.stdout.write(said)
        sys.stdout.flush()


main()
