"""A person with a card, a PIN and a device, and what of it opens a printer."""

from dataclasses import dataclass

from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.devices import enrol_device
from printmgmt.people.identification import identify
from printmgmt.people.models import Device, PrintUser
from tests import factories

EVERYTHING = {"card", "pin", "device"}


@dataclass
class Equipped:
    """What a test knows in plain text, and the console only as digests."""

    person: PrintUser
    card: str
    pin: str
    device: Device
    token: str

    def opens(self) -> set[str]:
        """What is accepted right now, out of EVERYTHING."""
        of, name = self.person.organization, self.person.user_name
        answers = {
            "card": identify(of, card=self.card),
            "pin": identify(of, user_name=name, pin=self.pin),
            "device": identify(of, device_token=self.token),
        }
        assert all(found is None or found.pk == self.person.pk for found in answers.values())
        return {what for what, found in answers.items() if found}


def equip(person: PrintUser) -> Equipped:
    """Give a person a card, a PIN and a device of its own."""
    card, pin = f"04{person.pk.hex[:12]}", str(person.pk.int)[-6:]
    set_card(person, card, by=factories.TESTER)
    set_pin(person, pin, by=factories.TESTER)
    device, token = enrol_device(person, "Laptop", by=factories.TESTER)
    return Equipped(person, card, pin, device, token)


def equipped(of: Organization) -> Equipped:
    """A new person with all three."""
    return equip(factories.person(of))
