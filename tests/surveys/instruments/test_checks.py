"""Each check of the instruments, shown to fail on an instrument that is wrong in that one way."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from backend.core.templates import make_environment
from backend.surveys.instruments import InstrumentError, load_instruments
from backend.surveys.instruments.checks import Finding, Severity, check_instruments
from backend.surveys.instruments.progress import count_progress
from backend.surveys.instruments.versions import note_versions

ROOT = Path(__file__).parents[3]
SURVEYS = ROOT / "surveys"
SHARED = Path(os.environ.get("HEARD_SHARED_DATA", ROOT.parent / "shared" / "data"))

CHILD = "before-my-review-12-17"
NOW = yaml.safe_load((SURVEYS / CHILD / "survey.yaml").read_text("utf-8"))["version"]
YOUNGEST = "before-my-review-5-7"
PARENT = "before-the-review-parent"
WORKER = "about-this-home-worker"
MOVED, NEW_HOME, IN_TOUCH = "home-move-worker", "home-move-5-11", "keep-in-touch"


@pytest.fixture
def surveys(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SURVEYS, tmp_path / "surveys"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_the_instruments_that_ship_have_no_findings() -> None:
    codebook = yaml.safe_load((SHARED / "codebook.yaml").read_text("utf-8"))
    themes = [theme["id"] for theme in codebook["themes"]]
    findings = check_instruments(SURVEYS, themes=themes, symbols=_symbols())
    # A note counts what a translation lacks; it is no fault.
    assert [str(one) for one in findings if one.severity is not Severity.NOTE] == []


BROKEN: list[tuple[str, str, str, str, str, Severity]] = [
    # check, file, what stands there, what is put in its place, path of the finding, severity
    ("schema", f"{CHILD}/survey.yaml", f"version: {NOW}", "version: 0", "version", Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", "agenda: wishes", "agenda: money", "topics.0.agenda",
     Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", "type: faces,", "type: smileys,",
     "topics.1.questions.0.type", Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", f"version: {NOW}", f"version: {NOW}\nwords: here", "words",
     Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", f"version: {NOW}", f"version: {NOW}\nversion: {NOW + 1}", "",
     Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", f"id: {CHILD}", "id: another", "id", Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", "{id: mostly, value: 4}", "{id: mostly}",
     "topics.1.questions.1", Severity.ERROR),
    ("schema", f"{CHILD}/en.yaml", "title: Before my meeting", "title: [a, b]", "title",
     Severity.ERROR),
    ("known_themes", f"{CHILD}/survey.yaml", "theme: fun", "theme: fan", "r12.fun.more",
     Severity.ERROR),
    ("ids_open_with_the_code", f"{CHILD}/survey.yaml", "code: r12", "code: r13",
     "r12.wanted.words", Severity.ERROR),
    ("codes_are_unique", f"{CHILD}/survey.yaml", "code: r12", "code: r5", "code", Severity.ERROR),
    ("ids_are_unique", f"{CHILD}/survey.yaml", "id: r12.wanted.well", "id: r12.wanted.words",
     "r12.wanted.words", Severity.ERROR),
    ("ids_are_unique", "retired.yaml", "questions:\n", "questions:\n  r12.fun.more: why\n",
     "r12.fun.more", Severity.ERROR),
    ("topics_stand_once", f"{CHILD}/survey.yaml", "- id: school", "- id: plan", "plan",
     Severity.ERROR),
    ("questions_can_be_reached", f"{CHILD}/survey.yaml",
     "show_when: {question: r12.plan.happened", "show_when: {question: r12.plan.ask",
     "r12.plan.missing", Severity.ERROR),
    ("questions_can_be_reached", f"{CHILD}/survey.yaml",
     "show_when: {question: r12.plan.happened", "show_when: {question: r12.no.such",
     "r12.plan.missing", Severity.ERROR),
    ("questions_can_be_reached", f"{CHILD}/survey.yaml", "any_of: [some_happened, none_happened]",
     "any_of: [some_happened, never_was]", "r12.plan.missing", Severity.ERROR),
    ("indicators_stand_once", f"{CHILD}/survey.yaml", "indicator: carers_kind",
     "indicator: carers_listen", "carers_listen", Severity.ERROR),
    ("indicator_coverage", f"{WORKER}/survey.yaml", "indicator: likes_room, ", "", "topics",
     Severity.ERROR),
    ("indicator_coverage", f"{CHILD}/survey.yaml", "indicator: carers_kind, ", "", "topics",
     Severity.ERROR),
    ("home_is_held_back", f"{YOUNGEST}/survey.yaml", "held_back_when_helper_in_home: true",
     "held_back_when_helper_in_home: false", "r5.home.room", Severity.ERROR),
    ("one_place_is_for_the_iro_alone", f"{CHILD}/survey.yaml", ", visibility: only_iro", "",
     "topics", Severity.ERROR),
    ("one_place_is_for_the_iro_alone", f"{PARENT}/survey.yaml", "id: pp.wanted.well,",
     "id: pp.wanted.well, visibility: only_iro,", "pp.wanted.well", Severity.ERROR),
    ("what_matters_most_is_asked", f"{CHILD}/survey.yaml", "always: true", "always: false",
     "topics", Severity.ERROR),
    ("parents_are_not_told_where", f"{PARENT}/survey.yaml", "agenda: identity",
     "agenda: education", "about_child", Severity.ERROR),
    ("parents_are_not_told_where", f"{PARENT}/survey.yaml", "theme: identity", "theme: carers",
     "pp.child.know", Severity.ERROR),
    ("known_symbols", f"{CHILD}/survey.yaml", "symbol: bed", "symbol: bad", "r12.home.room",
     Severity.ERROR),
    ("questions_can_be_reached", f"{IN_TOUCH}/survey.yaml",
     "show_when: {question: k16.touch.how, any_of: [moved]}",
     "show_when: {question: k16.touch.number, any_of: [moved]}", "k16.touch.place",
     Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", "moments: [before_review]", "moments: [before_reviews]",
     "moments.0", Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", "moments: [before_review]", "moments: []", "moments",
     Severity.ERROR),
    ("schema", f"{YOUNGEST}/survey.yaml", "type: drawing, ", "type: drawing, several: true, ",
     "topics.0.questions.2", Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", "type: scale, ", "type: scale, options: [{id: low}], ",
     "topics.6.questions.1", Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", "type: scale, ", "type: scale, indicator: gets_help, ",
     "topics.6.questions.1", Severity.ERROR),
    ("schema", f"{CHILD}/survey.yaml", "type: yes_no, ", "type: yes_no, options: [{id: maybe}], ",
     "topics.5.questions.1", Severity.ERROR),
    ("indicator_coverage", f"{MOVED}/survey.yaml", "indicator: knew_enough",
     "indicator: has_a_say", "knew_enough", Severity.ERROR),
    ("indicator_coverage", "coverage.yaml", "  has_a_say:", "  settled: why\n  has_a_say:",
     "settled", Severity.ERROR),
    ("indicator_coverage", "coverage.yaml", "  worker_trust:", "  gets_help:", "worker_trust",
     Severity.ERROR),
    ("schema", "coverage.yaml", "  worker_trust:", "  workers_trust:",
     "alone.workers_trust.[key]", Severity.ERROR),
    ("home_is_held_back", f"{NEW_HOME}/survey.yaml", """symbol: door,
         held_back_when_helper_in_home: true""", "symbol: door", "m5.move.welcome",
     Severity.ERROR),
    ("version_is_raised", f"{CHILD}/survey.yaml", f"version: {NOW}", f"version: {NOW - 1}",
     "version",     Severity.ERROR),
    ("version_is_raised", f"{CHILD}/survey.yaml", f"version: {NOW}", f"version: {NOW + 1}",
     "version",     Severity.ERROR),
    ("version_is_raised", f"{CHILD}/en.yaml", "What is going well?", "What goes well?", "version",
     Severity.ERROR),
    ("version_is_raised", "versions.yaml", "  keep-in-touch:", "  kept-in-touch:", "version",
     Severity.ERROR),
    ("ids_are_retired", "versions.yaml", "- r12.fun.more", "- r12.fun.once", "r12.fun.once",
     Severity.ERROR),
    ("texts_fit_a_small_phone", f"{YOUNGEST}/en.yaml", "happy: Safe,", "happy: Comfortable,",
     "questions.r5.home.safe.options.happy", Severity.WARNING),
    ("one_form_a_person", f"{CHILD}/survey.yaml", "min: 12", "min: 11", "ages", Severity.ERROR),
    ("agenda_is_covered", f"{CHILD}/survey.yaml", "agenda: education", "agenda: leisure",
     "topics", Severity.WARNING),
    ("all_is_worded", f"{CHILD}/en.yaml", "title: Before my meeting\n", "", "title",
     Severity.ERROR),
    ("all_is_worded", f"{CHILD}/en.yaml", "  home: {title: Where I live}\n", "", "topics.home",
     Severity.ERROR),
    ("all_is_worded", "words/en.yaml", "  not_often: Not often\n", "",
     "questions.r12.home.safe.options.not_often", Severity.ERROR),
    ("nothing_is_left_over", f"{CHILD}/en.yaml", "  r12.fun.more:", "  r12.fun.less:",
     "questions.r12.fun.less", Severity.ERROR),
    ("nothing_is_left_over", f"{CHILD}/en.yaml", "    options: {run_it:", "    options: {walk_it:",
     "questions.r12.meeting.join.options.walk_it", Severity.ERROR),
    ("names_are_known", f"{CHILD}/en.yaml", "safe at {home}?", "safe at {house}?",
     "questions.r12.home.safe", Severity.ERROR),
    ("names_are_known", f"{CHILD}/en.yaml", "just {iro}?", "just {child}?",
     "questions.r12.else.private", Severity.ERROR),
    ("names_are_known", f"{PARENT}/en.yaml", "What worries you?", "What worries you at {home}?",
     "questions.pp.wanted.worry", Severity.ERROR),
    ("words_are_right_for_the_reader", f"{CHILD}/en.yaml", "What is going well?",
     "What is good in your placement?", "questions.r12.wanted.well", Severity.ERROR),
    ("words_are_right_for_the_reader", f"{PARENT}/en.yaml", "What worries you?",
     "What worries you about the foster carer?", "questions.pp.wanted.worry", Severity.ERROR),
    ("screens_can_be_read", f"{CHILD}/en.yaml", "What is going well?",
     "Which particular experiences were especially enjoyable?", "questions.r12.wanted.well",
     Severity.ERROR),
    ("sentences_are_short", f"{CHILD}/en.yaml", "What is going well?",
     "What is it that is going so well for you at home and at school?",
     "questions.r12.wanted.well", Severity.WARNING),
    ("texts_fit_a_small_phone", f"{CHILD}/en.yaml", "mind?\n", f"mind? {'It is ok. ' * 12}\n",
     "questions.r12.feelings.worry", Severity.WARNING),
]  # fmt: skip


@pytest.mark.parametrize(("check", "file", "old", "new", "path", "severity"), BROKEN)
def test_each_check_finds_what_it_is_for(
    surveys: Path, check: str, file: str, old: str, new: str, path: str, severity: Severity
) -> None:
    change(surveys / file, old, new)
    findings = check_instruments(surveys, themes=_themes(), symbols=_symbols())
    assert (check, path, severity) in [(one.check, one.path, one.severity) for one in findings]


def test_a_language_that_nobody_checked_and_is_not_whole_is_noted_with_a_count(
    surveys: Path,
) -> None:
    (surveys / CHILD / "xx.yaml").write_text("is_checked: false\ntitle: قبل اجتماعي\n", "utf-8")
    findings = [one for one in check_instruments(surveys) if one.file.stem == "xx"]
    assert {one.check for one in findings} == {"language_is_checked", "all_is_worded"}
    assert {one.severity for one in findings} == {Severity.NOTE}
    form = load_instruments(surveys)[CHILD]
    texts = 2 + len(form.topics) + sum(1 + len(one.options) for one in form.questions)
    assert f"{texts - 1} of {texts} texts are shown in English" in _messages(findings)


def test_progress_counts_texts_instruments_and_people_who_checked(surveys: Path) -> None:
    words = (surveys / MOVED / "en.yaml").read_text("utf-8").replace("is_checked: false", "")
    (surveys / MOVED / "xx.yaml").write_text(f"is_checked: true\n{words}", "utf-8")
    shutil.copy(surveys / "words" / "en.yaml", surveys / "words" / "xx.yaml")
    found = {one.language: one for one in count_progress(surveys)}["xx"]
    assert found.checked == 1
    assert 1 <= found.whole < found.instruments == len(load_instruments(surveys))
    assert 0 < found.worded < found.texts


def test_a_language_falls_back_to_english_word_by_word(surveys: Path) -> None:
    (surveys / CHILD / "xx.yaml").write_text("is_checked: false\ntitle: قبل اجتماعي\n", "utf-8")
    words = load_instruments(surveys)[CHILD].words("xx")
    assert words.title == "قبل اجتماعي"
    assert words.question("r12.wanted.well").language == "en"
    assert not words.is_checked


def test_yes_and_no_are_words_in_these_files(surveys: Path) -> None:
    change(surveys / WORKER / "survey.yaml", 'any_of: ["yes"]', "any_of: [yes]")
    findings = check_instruments(surveys)
    assert [str(one) for one in findings if one.severity is not Severity.NOTE] == []


def test_an_error_names_the_file_the_place_and_the_reason(surveys: Path) -> None:
    change(surveys / CHILD / "survey.yaml", f"version: {NOW}", "version: 0")
    with pytest.raises(InstrumentError) as raised:
        load_instruments(surveys)
    assert raised.value.file == surveys / CHILD / "survey.yaml"
    assert raised.value.path == "version"
    assert "greater than or equal to 1" in raised.value.reason


def test_a_side_of_a_home_that_nobody_asks_is_an_error(surveys: Path) -> None:
    shutil.rmtree(surveys / WORKER)
    assert "nobody asks a social_worker about the home" in _messages(check_instruments(surveys))


def test_a_change_is_noted_only_with_a_version_of_its_own(surveys: Path) -> None:
    change(surveys / CHILD / "en.yaml", "What is going well?", "What goes well?")
    before = (surveys / "versions.yaml").read_text("utf-8")
    assert any("raise it" in reason for reason in note_versions(surveys))
    assert (surveys / "versions.yaml").read_text("utf-8") == before
    change(surveys / CHILD / "survey.yaml", f"version: {NOW}", f"version: {NOW + 1}")
    assert note_versions(surveys) == []
    assert not [one for one in check_instruments(surveys) if one.check == "version_is_raised"]


def test_a_question_goes_only_into_the_retired_ones(surveys: Path) -> None:
    file = surveys / CHILD / "survey.yaml"
    change(file, "      - {id: r12.fun.more, type: long_text, theme: fun, symbol: ball}\n", "")
    change(file, f"version: {NOW}", f"version: {NOW + 1}")
    assert any("r12.fun.more" in reason for reason in note_versions(surveys))
    change(surveys / "retired.yaml", "questions:\n", "questions:\n  r12.fun.more: asked twice\n")
    assert note_versions(surveys) == []


def test_a_translation_may_be_mended_without_a_new_version(surveys: Path) -> None:
    (surveys / CHILD / "xx.yaml").write_text("is_checked: false\ntitle: قبل اجتماعي\n", "utf-8")
    assert "version_is_raised" not in {one.check for one in check_instruments(surveys)}


def _messages(findings: list[Finding]) -> list[str]:
    return [finding.message for finding in findings]


def _symbols() -> list[str]:
    drawn = make_environment("contributor").get_template("symbols.html").module
    return list(drawn.lines)  # type: ignore[attr-defined]


def _themes() -> list[str]:
    codebook = yaml.safe_load((SHARED / "codebook.yaml").read_text("utf-8"))
    return [theme["id"] for theme in codebook["themes"]]
