"""The protocol could serve any application: what is printed with stands in schema documents only."""

import re
from pathlib import Path

import scim_sync.protocol

PRINTING = re.compile(r"\b(cards?|cardnumber|pins?|printers?|printing|badges?|seats?)\b", re.IGNORECASE)


def test_no_word_of_printing_stands_in_the_code_of_the_protocol():
    folder = Path(scim_sync.protocol.__file__).parent
    found = {
        (str(path.relative_to(folder)), word[0])
        for path in folder.rglob("*.py")
        for word in PRINTING.finditer(path.read_text(encoding="utf-8"))
    }

    assert found == set()
