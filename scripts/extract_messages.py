"""Collects every message that contributors read, and brings each language's catalogue up to it.

Messages stand in templates (`_`, `ngettext`, `phrase`; `safe` for safety and privacy), in Python
(`phrase`, `counted`), in the list of telephone numbers and in the accessibility statement.
Catalogues hold no dates, hosts or line numbers, so that running this twice changes nothing.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from backend.core.catalogues import LOCALE, SAFETY, catalogue_path, forms_of
from backend.core.languages import SOURCE, languages
from backend.settings import ROOT

TEMPLATES = (ROOT / "frontend/templates/contributor", ROOT / "frontend/templates/shared")
PYTHON = ROOT / "backend"
NUMBERS = ROOT / "backend/entry/help_numbers.yaml"
STATEMENT = ROOT / "backend/entry/accessibility.yaml"
SAFE = "safe"
IN_TEMPLATES = ("_", "gettext", "ngettext", "phrase", SAFE)
SAFE_PHRASE = "safe_phrase"
IN_PYTHON = ("phrase", "counted", SAFE_PHRASE)
OPTIONS = {"extensions": "jinja2.ext.i18n", "trimmed": "false", "newstyle_gettext": "true"}
HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n"Language: {code}\\n"\n"Plural-Forms: {plurals}\\n"\n\n'
)
# Babel's own line for Arabic puts 100 to 102 before 11 to 99; translators use the usual order.
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);"
}
Found = tuple[str | tuple[str, ...], str, bool]


def messages_in_templates() -> Iterator[Found]:
    """Every message of the contributors' templates: itself, its file, whether it is on safety."""
    for folder in TEMPLATES:
        for path in sorted(folder.rglob("*.html")):
            text = io.BytesIO(path.read_bytes())
            for _, function, message, _ in babel_extract(text, IN_TEMPLATES, (), OPTIONS):
                yield as_id(message), path.relative_to(ROOT).as_posix(), function == SAFE


def messages_in_python() -> Iterator[Found]:
    """Every sentence that Python code says to contributors."""
    for path in sorted(PYTHON.rglob("*.py")):
        text = io.BytesIO(path.read_bytes())
        for _, function, message, _ in extract_python(text, IN_PYTHON, (), {}):
            yield as_id(message), path.relative_to(ROOT).as_posix(), function == SAFE_PHRASE


def messages_in_numbers() -> Iterator[Found]:
    """What is said beside each telephone number: whom to ring is safety itself."""
    for line in yaml.safe_load(NUMBERS.read_text(encoding="utf-8")):
        for field in ("name", "what", "when"):
            if field in line:
                yield line[field], NUMBERS.relative_to(ROOT).as_posix(), True


def messages_in_statement() -> Iterator[Found]:
    """What the accessibility statement says that changes, and the names of who sees to it."""
    found = yaml.safe_load(STATEMENT.read_text(encoding="utf-8"))
    path = STATEMENT.relative_to(ROOT).as_posix()
    for field in ("tested_how", "enforcer", "advice", "privacy_regulator"):
        yield found[field], path, False
    for one in found["not_met"]:
        for field in ("what", "criterion", "plan"):
            yield one[field], path, False


def as_id(message: object) -> str | tuple[str, ...]:
    """A message's id as catalogues know it: one text, or the singular with the plural."""
    parts = message if isinstance(message, tuple | list) else (message,)
    texts = tuple(part for part in parts if isinstance(part, str))
    return texts if len(texts) > 1 else "".join(texts)


def template() -> Catalog:
    """All messages in the order in which they are met; safety wherever one place says so."""
    catalog = Catalog(charset="utf-8")
    for found in (
        messages_in_templates,
        messages_in_python,
        messages_in_numbers,
        messages_in_statement,
    ):
        for message, path, is_safety in found():
            if message:
                comments = [SAFETY] if is_safety else []
                catalog.add(message, locations=[(path, None)], auto_comments=comments)  # type: ignore[list-item]
    return catalog


def write(catalog: Catalog, path: Path, *, code: str, plurals: str) -> None:
    """Write a catalogue with the shortest header that its readers need."""
    text = io.BytesIO()
    write_po(text, catalog, omit_header=True, include_lineno=False, width=100)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = text.getvalue().decode().strip()
    path.write_text(f"{HEADER.format(code=code, plurals=plurals)}{body}\n", encoding="utf-8")


def main() -> None:
    everything = template()
    plurals = "nplurals=2; plural=(n != 1);"
    write(everything, LOCALE / "messages.pot", code=SOURCE, plurals=plurals)
    for code, language in languages().items():
        if code == SOURCE:
            continue
        path = catalogue_path(code)
        known = Catalog(locale=language.dates, charset="utf-8")
        if path.exists():
            with path.open("rb") as file:
                known = read_po(file, locale=language.dates, charset="utf-8")
        known.update(everything, no_fuzzy_matching=True)
        write(known, path, code=code, plurals=PLURALS.get(code, known.plural_forms))
        print(
            f"{code}: {sum(all(forms_of(one.string)) for one in known if one.id)} of {len(known)}"
        )


if __name__ == "__main__":
    main()
