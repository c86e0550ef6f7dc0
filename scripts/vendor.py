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
# The fonts of printed sheets, never sent to a browser; all in one folder, where Typst finds them.
FONTS = {
    "noto-sans": ["400Regular/NotoSans_400Regular.ttf", "700Bold/NotoSans_700Bold.ttf"],
    "noto-sans-arabic": [
        "400Regular/NotoSansArabic_400Regular.ttf",
        "700Bold/NotoSansArabic_700Bold.ttf",
    ],
    "noto-sans-ethiopic": [
        "400Regular/NotoSansEthiopic_400Regular.ttf",
        "700Bold/NotoSansEthiopic_700Bold.ttf",
    ],
    "noto-emoji": ["400Regular/NotoEmoji_400Regular.ttf"],
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
    copy_fonts()


def copy_fonts() -> None:
    """Of each font package, which holds every weight, the few weights that sheets use."""
    target = VENDOR / "fonts"
    target.mkdir(exist_ok=True)
    for package, files in FONTS.items():
        for file in files:
            source = FRONTEND / "node_modules" / "@expo-google-fonts" / package / file
            shutil.copyfile(source, target / Path(file).name)


if __name__ == "__main__":
    main()
