"""Names inside a mail."""


def one_line(text: object) -> str:
    """On one line with single blanks: a line break in a name would be a header, or a line that seems ours."""
    return " ".join(str(text).split())
