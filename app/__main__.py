"""`python -m app` is `diptych`."""

from app.cli import main

if __name__ == "__main__":
    main()
