"""The files a private cupsd starts from: Debian's own configuration, moved to a folder, and its users."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
PROGRAMS = ("cupsd", "lp", "lpstat", "ipptool")
STOCK = Path("/usr/share/cups")  # where the package keeps its files untouched; those in /etc may be edited
PAM_MATRIX = "*/pam_wrapper/pam_matrix.so"
LIBRARIES = (PAM_MATRIX, "*/libpam_wrapper.so", "*/libnss_wrapper.so")
NEEDED_FOLDERS = ("spool", "cache", "state", "tmp", "log", "ssl", "pam")
START_OF_POLICY = "<Policy default>\n"


class NoCups(Exception):
    """A print server cannot run here; the message says why."""


def missing() -> list[str]:
    """Return the names of what a private cupsd needs and this machine lacks."""
    lacking = [name for name in PROGRAMS if not shutil.which(name, path=PATH)]
    lacking += [name for name in ("cupsd.conf", "cups-files.conf") if not stock_file(name).exists()]
    return lacking + [Path(name).name for name in LIBRARIES if not any(Path("/usr/lib").glob(name))]


def program(name: str) -> str:
    """Return the path of a program of CUPS, or of one it needs. ``NoCups`` if it is not installed."""
    if found := shutil.which(name, path=PATH):
        return found
    raise NoCups(f"{name} is not installed; tools/ensure-cups.sh installs it where it can")


def stock_file(name: str) -> Path:
    """Return the path of a configuration file as the package has it."""
    return STOCK / f"{name}.default"


def changed(text: str, settings: Mapping[str, str]) -> str:
    """Return a configuration in which the ``settings`` stand once, at its top, with the given values."""
    others = [line for line in text.splitlines() if (line.split() or [""])[0] not in settings]
    return "\n".join([*(f"{name} {value}" for name, value in settings.items()), *others, ""])


def daemon_configuration(
    listen: str, settings: Mapping[str, str], block: str, policy: Mapping[str, str]
) -> str:
    """Return cupsd.conf: stock, but for the address, announcements on the network and the log.

    ``settings`` replace top-level lines; ``block`` stands first inside ``<Policy default>``, ``policy``
    replaces the value of directives in it (``{"JobPrivateValues": "none"}``).
    """
    stock = changed(
        stock_file("cupsd.conf").read_text(),
        {"Listen": listen, "Browsing": "No", "LogLevel": "info", **settings},
    )
    before, start, after = stock.partition(START_OF_POLICY)
    inside, end, others = after.partition("</Policy>")
    if not end:
        raise ValueError("the stock cupsd.conf has no <Policy default>")
    for name, value in policy.items():
        lines = inside.splitlines(keepends=True)
        inside = "".join(f"  {name} {value}\n" if line.split()[:1] == [name] else line for line in lines)
    return before + start + block.rstrip() + "\n" + inside + end + others


def file_configuration(folder: Path) -> str:
    """Return cups-files.conf: stock, with everything below ``folder`` and queues that may write files."""
    return changed(
        stock_file("cups-files.conf").read_text(),
        {
            "FileDevice": "Yes",
            "ServerRoot": str(folder),
            "RequestRoot": str(folder / "spool"),
            "CacheDir": str(folder / "cache"),
            "StateDir": str(folder / "state"),
            "TempDir": str(folder / "tmp"),
            "AccessLog": str(folder / "log" / "access_log"),
            "ErrorLog": str(folder / "log" / "error_log"),
            "PageLog": str(folder / "log" / "page_log"),
            "LogFileGroup": "lp",
            "Printcap": "",
        },
    )


def user_files(folder: Path, passwords: Mapping[str, str], operators: Iterable[str]) -> dict[str, str]:
    """Return, by name, the files that stand in for the machine's accounts and its PAM service ``cups``."""
    module = next(Path("/usr/lib").glob(PAM_MATRIX))
    system = ("root:x:0:0", "lp:x:7:7", "nobody:x:65534:65534")
    invented = [f"{name}:x:{number}:{number}" for number, name in enumerate(passwords, start=50_000)]
    return {
        "passwd": "".join(f"{line}::/nonexistent:/usr/sbin/nologin\n" for line in (*system, *invented)),
        "group": f"root:x:0:\nlp:x:7:\nlpadmin:x:105:{','.join(operators)}\nnogroup:x:65534:\n",
        "passwords": "".join(f"{name}:{password}:cups\n" for name, password in passwords.items()),
        "pam/cups": "".join(
            f"{kind} required {module} passdb={folder / 'passwords'}\n"
            for kind in ("auth", "account", "session")
        ),
    }


def environment(folder: Path) -> dict[str, str]:
    """Return the environment in which cupsd takes those files for the machine's accounts (no root needed)."""
    return {
        "PATH": PATH,
        "LD_PRELOAD": "libpam_wrapper.so libnss_wrapper.so",
        "PAM_WRAPPER": "1",
        "PAM_WRAPPER_SERVICE_DIR": str(folder / "pam"),
        "NSS_WRAPPER_PASSWD": str(folder / "passwd"),
        "NSS_WRAPPER_GROUP": str(folder / "group"),
    }
