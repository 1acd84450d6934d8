"""What is vendored and its checksums. Run as a module, it writes `static/vendor/vendor.json` again."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
VENDOR = ROOT / "static" / "vendor"
MANIFEST = VENDOR / "vendor.json"
PACKAGES = {
    "tabler-1.6.1": {"package": "@tabler/core", "version": "1.6.1", "licence": "MIT"},
    "tabler-icons-3.51.0": {"package": "@tabler/icons", "version": "3.51.0", "licence": "MIT"},
    "inter-5.3.0": {"package": "@fontsource-variable/inter", "version": "5.3.0", "licence": "OFL-1.1"},
}


def checksums(folder: str) -> dict[str, str]:
    """Return the SHA-256 of each file in a vendored folder, by name."""
    files = sorted(path for path in (VENDOR / folder).rglob("*") if path.is_file())
    return {
        path.relative_to(VENDOR / folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


if __name__ == "__main__":
    manifest = {folder: facts | {"files": checksums(folder)} for folder, facts in PACKAGES.items()}
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
