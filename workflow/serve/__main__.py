"""`python -m workflow.serve` is `relais`, whatever the path is set to."""

from workflow.serve.entrance import main

if __name__ == "__main__":
    main()
