"""The files of a private cupsd: Debian's configuration moved to a folder, and invented accounts."""

from pathlib import Path

STOCK = Path("/usr/share/cups")
START_OF_POLICY = "<Policy default>\n"
LOG = "log/error_log"


def write_files(folder: Path, host: str, operator: str, password: str) -> None:
    """Write what a cupsd that listens on ``host`` starts from: its configuration, and its accounts."""
    for name in ("spool", "cache", "state", "tmp", "log", "ssl", "pam"):
        (folder / name).mkdir()
    module = next(Path("/usr/lib").glob("*/pam_wrapper/pam_matrix.so"))
    kinds = ("auth", "account", "session")
    folders = {"ServerRoot": "", "RequestRoot": "spool", "CacheDir": "cache", "StateDir": "state"}
    folders |= {"TempDir": "tmp", "AccessLog": "log/access_log", "ErrorLog": LOG, "PageLog": "log/pages"}
    files = {
        "cupsd.conf": changed("cupsd.conf", {"Listen": host, "Browsing": "No", "LogLevel": "info"}),
        "cups-files.conf": changed(
            "cups-files.conf",
            {name: str(folder / below) for name, below in folders.items()}
            | {"FileDevice": "Yes", "LogFileGroup": "lp", "Printcap": ""},
        ),
        "passwd": "".join(
            f"{user}::/nonexistent:/usr/sbin/nologin\n"
            for user in (
                *("root:x:0:0", "lp:x:7:7", "nobody:x:65534:65534"),
                f"{operator}:x:50000:50000",
            )
        ),
        "group": f"root:x:0:\nlp:x:7:\nlpadmin:x:105:{operator}\nnogroup:x:65534:\n",
        "passwords": f"{operator}:{password}:cups\n",
        "pam/cups": "".join(f"{kind} required {module} passdb={folder / 'passwords'}\n" for kind in kinds),
        "password": password,
    }
    for name, text in files.items():
        (folder / name).write_text(text)


def changed(name: str, settings: dict[str, str]) -> str:
    """Return a configuration file as Debian has it, with these lines in place of its own."""
    stock = (STOCK / f"{name}.default").read_text().splitlines()
    others = [line for line in stock if (line.split() or [""])[0] not in settings]
    return "\n".join([*(f"{key} {value}" for key, value in settings.items()), *others, ""])
