"""Writes the table of roles in docs/console.md from the permissions that the console checks.

python -m tools.roles_table          write it
python -m tools.roles_table --check  fail if it is out of date
"""

import os
import sys
from pathlib import Path

import django

PAGE = Path(__file__).parent.parent / "docs" / "console.md"
BEGIN = "<!-- from tools/roles_table.py: begin -->\n"
END = "<!-- from tools/roles_table.py: end -->"


def table() -> str:
    """Return the table as Markdown."""
    from printmgmt.organizations.permissions import PERMISSIONS  # noqa: PLC0415 -- after Django is set up
    from printmgmt.organizations.roles import Role  # noqa: PLC0415 -- likewise

    head = " | ".join(str(role.label) for role in Role)
    lines = [f"| | {head} |", "|---|" + ":-:|" * len(Role)]
    for permission in PERMISSIONS:
        held = " | ".join("yes" if role in permission else "–" for role in Role)
        lines.append(f"| {permission.label} | {held} |")
    return "\n".join(lines)


def page() -> str:
    """Return docs/console.md with the present table."""
    before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n\n{END}{after}"


def main() -> int:
    """Write or check the table; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")
    django.setup()
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif page() != PAGE.read_text(encoding="utf-8"):
        print("docs/console.md is not in step: python -m tools.roles_table")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
