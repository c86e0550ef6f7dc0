"""Pages speak the reader's language; English stands beside safety wording nobody has checked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from markupsafe import Markup, escape

from backend.core import catalogues, clock, translations
from backend.core.languages import asked_for, code_called, language, languages
from backend.core.templates import make_environment
from backend.core.translations import (
    ISOLATE,
    counted,
    date_words,
    either,
    phrase,
    safe,
    safe_phrase,
    speaking,
)

ARABIC = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
"n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\\n"

msgid "Next"
msgstr "التالي"

msgid "By %(day)s"
msgstr "قبل %(day)s"

msgid "%(name)s reads it"
msgstr "يقرؤه %(name)s"

# checked: Rana Hill, 2026-11-20
msgid "Nobody else reads it"
msgstr "لا أحد غيره يقرؤه"

# checked by nobody in particular
msgid "Tell nobody"
msgstr "لا تخبر أحدًا"

#, fuzzy
msgid "Back"
msgstr "ظهر"

msgid "Markup"
msgstr "<b>سميك</b>"

msgid "Hello %(name)s"
msgstr "مرحبًا %(nmae)s"

msgid "%(num)s vote"
msgid_plural "%(num)s votes"
msgstr[0] "لا أصوات %(num)s"
msgstr[1] "صوت %(num)s"
msgstr[2] "صوتان %(num)s"
msgstr[3] "%(num)s أصوات"
msgstr[4] "%(num)s صوتًا"
msgstr[5] "%(num)s صوت"
"""
PASHTO = """
msgid "Tell nobody"
msgstr "چاته مه وایه"

msgid "Next"
msgstr "بل"
"""


@pytest.fixture(autouse=True)
def _catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two small catalogues in place of ours, whose words change."""
    for code, text in (("ar", ARABIC), ("ps", PASHTO)):
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    catalogues.catalogue.cache_clear()
    yield
    catalogues.catalogue.cache_clear()


def shown(template: str, code: str, **values: object) -> str:
    """A template as a reader of this language sees it."""
    environment = make_environment("contributor")
    with speaking(code):
        return environment.from_string(template).render(**values)


def test_a_message_is_in_the_pages_language_and_else_in_english() -> None:
    assert shown("{{ _('Next') }}", "ar") == "التالي"
    assert shown("{{ _('Next') }}", "en") == "Next"
    assert shown("{{ _('Not there') }}", "ar") == "Not there"


def test_a_fuzzy_message_is_no_translation() -> None:
    assert shown("{{ _('Back') }}", "ar") == "Back"


def test_a_language_that_is_not_whole_leaves_the_page_in_english() -> None:
    assert shown("{{ _('Next') }}", "ps") == "Next"
    assert language("ps").page.code == "en"


@pytest.mark.usefixtures("noon")
def test_a_sentence_from_python_turns_where_it_is_shown_and_is_english_elsewhere() -> None:
    said = phrase("By %(day)s", day=date_words(date(2026, 11, 24)))
    assert said == "By Tuesday 24 November"
    assert shown("{{ said }}", "ar", said=said) == f"قبل {ISOLATE}الثلاثاء 24 نوفمبر\u2069"
    assert shown("{{ said }}", "en", said=said) == "By Tuesday 24 November"


def test_an_error_carries_its_other_languages() -> None:
    error = ValueError(phrase("Next"))
    assert shown("{{ error }}", "ar", error=str(error)) == "التالي"


def test_values_are_escaped_and_stand_apart_in_their_own_direction() -> None:
    page = shown("{{ _('%(name)s reads it', name=name) }}", "ar", name="<Ann>")
    assert page == f"يقرؤه {ISOLATE}&lt;Ann&gt;\u2069"
    assert escape(phrase("%(name)s reads it", name="<Ann>")) == "&lt;Ann&gt; reads it"


def test_a_catalogue_cannot_bring_markup_into_a_page() -> None:
    assert "<b>" not in shown("{{ _('Markup') }}{{ safe('Markup') }}", "ar")


def test_a_translation_that_asks_for_another_value_is_refused_and_english_shows() -> None:
    assert shown("{{ _('Hello %(name)s', name='Jo') }}", "ar") == f"Hello {ISOLATE}Jo\u2069"
    assert "nmae" in catalogues.catalogue("ar").refused["Hello %(name)s"]


@pytest.mark.parametrize(
    ("count", "words"), [(1, "صوت"), (2, "صوتان"), (5, "أصوات"), (14, "صوتًا"), (100, "صوت")]
)
def test_a_count_takes_the_form_of_its_language(count: int, words: str) -> None:
    page = shown("{{ ngettext('%(num)s vote', '%(num)s votes', n) }}", "ar", n=count)
    assert words in page.split()
    assert words in str(escaped("ar", counted("%(num)s vote", "%(num)s votes", count))).split()
    assert shown("{{ ngettext('%(num)s vote', '%(num)s votes', n) }}", "en", n=1) == "1 vote"


def escaped(code: str, value: object) -> Markup:
    with speaking(code):
        return escape(value)


def test_safety_wording_shows_english_beside_what_nobody_checked() -> None:
    page = shown("{{ safe('Tell nobody') }}", "ar")
    assert page.startswith('<span class="both">لا تخبر أحدًا ')
    assert '<span class="beside" lang="en" dir="ltr">Tell nobody</span>' in page


def test_checked_safety_wording_stands_alone() -> None:
    assert shown("{{ safe('Nobody else reads it') }}", "ar") == "لا أحد غيره يقرؤه"


def test_safety_wording_of_a_language_that_is_not_whole_says_its_own_direction() -> None:
    page = shown("{{ safe('Tell nobody') }}", "ps")
    assert '<span lang="ps" dir="rtl">چاته مه وایه</span>' in page
    assert '<span class="beside" lang="en" dir="ltr">Tell nobody</span>' in page


def test_safety_wording_without_a_translation_is_english_and_says_so() -> None:
    assert shown("{{ safe('Leave') }}", "ar") == '<span lang="en" dir="ltr">Leave</span>'
    assert shown("{{ safe('Leave') }}", "ps") == "Leave"
    assert shown("{{ safe('Tell nobody') }}", "en") == "Tell nobody"


@pytest.mark.usefixtures("noon")
def test_a_day_that_is_far_away_has_its_year_in_every_language() -> None:
    today = clock.today()
    assert date_words(today) == f"{today:%A} {today.day} {today:%B}"
    for days in (-200, 200):
        day = today + timedelta(days=days)
        assert date_words(day).endswith(f" {day.year}")
        with speaking("ar", page="ar"):
            assert f"{day.year}" in escape(date_words(day))


@pytest.mark.usefixtures("noon")
def test_the_english_beside_is_english_to_the_last_value() -> None:
    day = date_words(datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    page = shown("{{ safe('By %(day)s', day=day) }}", "ar", day=day)
    assert ">By Tuesday 24 November</span>" in page
    assert "الثلاثاء" in page


def test_safety_wording_from_python_is_shown_alike() -> None:
    said = safe_phrase("Tell nobody")
    assert said == "Tell nobody"
    assert 'class="beside"' in shown("{{ said }}", "ar", said=said)
    assert escaped("ar", said) == escaped("ar", safe_call())


def safe_call() -> Markup:
    with speaking("ar"):
        return safe("Tell nobody")


def test_pages_that_are_made_side_by_side_do_not_mix_languages() -> None:
    template = make_environment("contributor").from_string("{{ _('Next') }}" * 50)

    def make(number: int) -> tuple[int, str]:
        with speaking("ar" if number % 2 else "en"):
            return number, template.render()

    with ThreadPoolExecutor(8) as pool:
        pages = dict(pool.map(make, range(200)))
    assert all(page == ("التالي" if n % 2 else "Next") * 50 for n, page in pages.items())


def test_the_language_is_given_back_when_a_page_breaks() -> None:
    with pytest.raises(ValueError, match="broken"), speaking("ar"):
        raise ValueError("broken")
    assert translations.page_language().code == "en"


def test_either_of_several_names() -> None:
    assert [either(names) for names in ([], ["Ann"], ["Ann", "Ben"], ["Ann", "Ben", "Cy"])] == [
        "",
        "Ann",
        "Ann or Ben",
        "Ann or a colleague",
    ]


def test_every_language_has_a_name_of_its_own_a_direction_and_days() -> None:
    found = languages()
    assert list(found) == ["en", "ar", "ps", "prs", "ckb", "ti", "sq", "vi"]
    assert {code for code, one in found.items() if one.direction == "rtl"} == {
        "ar",
        "ps",
        "prs",
        "ckb",
    }
    assert len({one.own_name for one in found.values()}) == len(found)
    day = date_words(date(2026, 11, 24))
    for code in found:
        with speaking(code, page=code):
            assert "24" in escape(day), code


def test_a_language_is_known_however_the_case_system_writes_it_and_never_guessed() -> None:
    assert code_called("KURDISH - SORANI") == "ckb"
    assert code_called("Dari") == "prs"
    assert code_called("Kurdish") == code_called("") == code_called("Farsi") == ""
    assert asked_for({"lang": "ti"}) == "ti"
    assert asked_for({"lang": "xx"}) == asked_for({}) == ""
