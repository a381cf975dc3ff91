"""The `course` command, run in this process."""

from course_lib.tools import cli


def run(capsys, *arguments):
    """(exit code, what was said) of one command."""
    try:
        code = int(cli.main(list(arguments)))
    except SystemExit as stop:
        code = stop.code
    said = capsys.readouterr()
    return code, said.out + said.err
