"""Why an add-on is not installed, configured or uninstalled."""


class AddonError(Exception):
    """A refused change. ``str()`` is a sentence for a reader."""


class AlreadyInstalled(AddonError):
    """The organization has this add-on, which allows only one installation."""


class NotChosen(AddonError):
    """It is not said which of several installations is meant, or there is none such."""


class NameTaken(AddonError):
    """Another installation of the organization is called so."""


class Uninstalled(AddonError):
    """Someone uninstalled the add-on in the meantime."""


class UnknownAddon(AddonError):
    """There is no add-on with this slug."""


class InvalidSettings(AddonError):
    """A setting is unknown or has a value the add-on's form refuses."""
