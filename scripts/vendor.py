"""Copies the few built front-end files that pages use into frontend/static/vendor/."""

import json
import shutil
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
VENDOR = FRONTEND / "static" / "vendor"
# Version in the folder's name, so that a new version is a new address.
FILES = {
    "govuk-frontend": [
        "dist/govuk/govuk-frontend.min.css",
        "dist/govuk/govuk-frontend.min.js",
    ],
    "htmx.org": ["dist/htmx.min.js"],
}


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, files in FILES.items():
        source = FRONTEND / "node_modules" / package
        version = json.loads((source / "package.json").read_text())["version"]
        target = VENDOR / f"{package}-{version}"
        target.mkdir(parents=True)
        for file in files:
            text = (source / file).read_text()
            # The font is licensed for gov.uk alone; system fonts follow it in every rule.
            (target / Path(file).name).write_text(text.replace("GDS Transport,", ""))


if __name__ == "__main__":
    main()
