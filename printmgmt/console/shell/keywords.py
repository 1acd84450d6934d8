"""Keywords of print servers that nobody has put into words."""


def readable(keyword: str) -> str:
    """Return a keyword such as ``xerox-waste-full`` as text: ``Xerox waste full``."""
    words = " ".join(keyword.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:]
