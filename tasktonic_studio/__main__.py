"""python -m tasktonic_studio."""

from tasktonic_studio.cli import console

if __name__ == "__main__":
    console()
