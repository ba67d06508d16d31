"""`python -m workflow.serve` is `relais`, whatever the path is set to."""

from workflow.serve.commands import main

if __name__ == "__main__":
    main(prog_name="relais")
