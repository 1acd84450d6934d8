"""What happens to the invented people, act by act; people.csv's userPrincipalName says to whom."""

from dataclasses import dataclass, field
from enum import Enum

DOMAIN = "@contoso.example"
CONTRACTORS = "Contractors"  # the job's scoping filter is: department NOT EQUALS Contractors


class What(Enum):
    """What the directory's administrator does."""

    EDIT = "edit"
    ASSIGN = "assign"
    UNASSIGN = "unassign"
    DISABLE = "disable"
    ENABLE = "enable"
    DELETE = "delete"
    RESTORE = "restore"
    PURGE = "purge"


@dataclass(frozen=True)
class Change:
    """One thing that happens to one person. `values` are columns of people.csv; "" empties one."""

    who: str
    what: What
    values: dict[str, str] = field(default_factory=dict)


def each(what: What, *people: str) -> tuple[Change, ...]:
    return tuple(Change(person + DOMAIN, what) for person in people)


def edit(person: str, **values: str) -> Change:
    return Change(person + DOMAIN, What.EDIT, values)


def rename(person: str, name: str, display: str, surname: str) -> Change:
    upn = name + DOMAIN
    return edit(person, userPrincipalName=upn, mail=upn, displayName=display, surname=surname)


# In the directory, but not assigned to the application when it is first filled.
BEFORE = each(What.UNASSIGN, "percy.millrace", "asa.dalstrom", "minato.midorima")

CHANGING_AND_LEAVING = (
    *each(What.ASSIGN, "percy.millrace", "asa.dalstrom", "minato.midorima"),
    rename("ışıl.ığdır", "ışıl.kayalı", "Işıl Kayalı", "Kayalı"),
    rename("corp\\eva.lind", "eva.lindgaarde", "Eva Lindgaarde", "Lindgaarde"),
    rename("hattie.hollyoak", "hattie.brightwater", "Hattie Brightwater (née Hollyoak)", "Brightwater"),
    rename("jip.visscherhof", "jip.o'windrush", "Jip O’Windrush", "O’Windrush"),
    # Nothing but letter case: the same name to a server, a difference to Entra.
    Change("Zoltan.MIXEDCASE@Contoso.Example", What.EDIT, {"userPrincipalName": "zoltan.mixedcase" + DOMAIN}),
    edit("GRETA.Großkopf", jobTitle="Foreman", department="Logistics"),
    edit("warehouse.kiosk", mail="kiosk" + DOMAIN),
    edit("evert.vanbrakelveen", employeeId="１２０５"),
    edit("mark.up", displayName="Mark “Up” [Söhne]"),
    edit("lotte.polderman", displayName="Lotte Polderman"),
    edit("ned.ivybridge", telephoneNumber="+44 1632 960999"),
    edit("comma", mobilePhone="+49 911 555 0999"),
    edit("annika.nebelstern", officeLocation="Haus Ulme", streetAddress="Ulmenweg 1", city="Fürth"),
    edit("diego.campoverde", department="Sales", manager="ines.molinera" + DOMAIN),
    edit("dirkje.ijzerbroek", manager="ada" + DOMAIN),
    # Emptied: Entra sends nothing, and the old title stays.
    edit("norbert.kranichfeld", jobTitle=""),
    *each(What.DISABLE, "o'malley.finn", "script", "田中花子", "percy.applethwaite", "hedda.hogsjo"),
    *each(What.DISABLE, "koen.ijzerbroek"),
    *each(What.UNASSIGN, "formula", '"wim.vd.wit"', "elof.dalstrom", "nuno.fuenteclara"),
    edit("research&development", department=CONTRACTORS),
    edit("emil.grunspecht", department=CONTRACTORS),
    *each(What.DELETE, "dev#1", "İlker.İnce", "cagla.bozkirci", "begona.penablanca"),
    *each(What.PURGE, "pia+print", "yuki.２０号", "gaelle.grandpre"),
)

COMING_BACK = (
    *each(What.ENABLE, "o'malley.finn"),
    *each(What.ASSIGN, "formula"),
    *each(What.RESTORE, "dev#1"),
    # The job no longer manages who was unassigned, so of these two only the second purge is told.
    *each(What.PURGE, '"wim.vd.wit"', "İlker.İnce"),
)

ACTS = (BEFORE, CHANGING_AND_LEAVING, COMING_BACK)

# They get a card, a PIN and a device after the initial cycle: twelve of them leave, three of those come back.
EQUIPPED = tuple(
    person + DOMAIN
    for person in (
        "ada",
        "siobhan.obrienne",
        "nadia.alsahrawi",
        "mia.tulp",
        "andre\u0301.le\u0301ger",
        "ışıl.ığdır",
        "corp\\eva.lind",
        "GRETA.Großkopf",
        "o'malley.finn",
        "script",
        "田中花子",
        "hedda.hogsjo",
        "formula",
        '"wim.vd.wit"',
        "nuno.fuenteclara",
        "research&development",
        "dev#1",
        "İlker.İnce",
        "pia+print",
        "yuki.２０号",
    )
)
