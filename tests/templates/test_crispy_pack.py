from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Button, ButtonHolder, Div, Fieldset, Hidden, Layout, Row, Submit
from django import forms

from tests.templates.elements import Page, rendered

CHOICES = [("a", "Erstes"), ("b", "Zweites"), ("c", "Drittes")]


class StoredFile:
    url = "/nachweis.pdf"

    def __str__(self) -> str:
        return "nachweis.pdf"


class EveryWidget(forms.Form):
    text = forms.CharField(label="Überschrift", help_text="Kurz und klar.")
    area = forms.CharField(label="Text", widget=forms.Textarea(attrs={"aria-describedby": "zaehler"}))
    number = forms.IntegerField(label="Anzahl")
    day = forms.DateField(label="Tag", widget=forms.DateInput(attrs={"type": "date"}))
    slot = forms.DateTimeField(label="Termin", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    select = forms.ChoiceField(label="Thema", choices=CHOICES, help_text="Eines davon.")
    many = forms.MultipleChoiceField(label="Mehrere", choices=CHOICES)
    radio = forms.ChoiceField(label="Art", choices=CHOICES, widget=forms.RadioSelect, help_text="Was ist es?")
    boxes = forms.MultipleChoiceField(label="Zielgruppen", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="Ich habe es geprüft.", help_text="Als zweite Person.")
    upload = forms.FileField(label="Bild", help_text="JPEG oder PNG.")
    proof = forms.FileField(label="Nachweis", required=False)
    begin = forms.SplitDateTimeField(label="Beginn", help_text="Tag und Uhrzeit.")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset("Worum geht es?", Row("text", "number"), "area", "select", "many", "radio", "boxes", css_id="was"),
            Div("day", "slot", "begin", css_class="wann"),
            Fieldset("Belege", "agreed", "upload", "proof", "secret"),
            HTML("<p>Zwischenruf</p>"),
            Hidden("step", "2"),
            ButtonHolder(
                Submit("save", "Speichern"),
                Button("back", "Zurück"),
                Submit("drop", "Löschen", css_class="kern-btn--secondary app-btn--danger", data_confirm="Weg ist weg."),
            ),
        )


FIELDS = [name for name in EveryWidget.base_fields if name != "secret"]
FULL = {"text": "x", "area": "x", "number": "1", "day": "2026-11-25", "slot": "2026-11-25T09:00", "select": "a"} | {
    "many": ["a"],
    "radio": "b",
    "boxes": ["a", "c"],
    "agreed": "on",
    "begin_0": "2026-11-25",
    "begin_1": "09:00",
}


def page(data: dict[str, Any] | None = None, **kwargs: Any) -> Page:
    return rendered("{% load crispy_forms_tags %}{% crispy form %}", form=EveryWidget(data, **kwargs))


def field(name: str, data: dict[str, Any] | None = None, form: type[forms.Form] = EveryWidget) -> Page:
    return rendered("{% load crispy_forms_filters %}{{ field|as_crispy_field }}", field=form(data)[name])


@pytest.mark.parametrize("data", [None, {}, FULL], ids=["fresh", "empty", "filled"])
def test_no_id_stands_twice_and_every_reference_leads_somewhere(data):
    whole = page(data)
    assert sorted(whole.ids) == sorted(set(whole.ids))
    assert whole.references - set(whole.ids) == {"zaehler"}  # the page's own counter, which stands outside the form


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_without_error_claims_none(name):
    shown = field(name)
    assert f"id_{name}_error" not in shown.ids
    assert [e for e in shown.elements if "aria-invalid" in e.attrs] == []
    assert [e for e in shown.elements if any(word.endswith("--error") for word in e.classes)] == []


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "proof"])
def test_a_field_with_error_says_so_to_eyes_and_to_screen_readers(name):
    shown = field(name, {})
    described = [e for e in shown.elements if f"id_{name}_error" in (e["aria-describedby"] or "").split()]
    assert shown.ids.count(f"id_{name}_error") == 1
    assert len(described) == 1
    assert [e.tag for e in shown.elements if e["aria-invalid"] == "true"] != []
    assert [e for e in shown.elements if any(word.endswith("--error") for word in e.classes)] != []


@pytest.mark.parametrize("name", [name for name in FIELDS if EveryWidget.base_fields[name].help_text])
def test_the_hint_stands_before_the_control_and_is_read_with_it(name):
    shown = field(name, {})
    control = next(e for e in shown.elements if e.tag in ("input", "select", "textarea"))
    hint = next(e for e in shown.elements if e["id"] == f"id_{name}_helptext")
    assert shown.elements.index(hint) < shown.elements.index(control)
    described = next(e for e in shown.elements if e["aria-describedby"])
    assert described["aria-describedby"] == f"id_{name}_helptext id_{name}_error"


@pytest.mark.parametrize(
    ("name", "tag", "kern_class"),
    [
        ("text", "input", "kern-form-input__input"),
        ("area", "textarea", "kern-form-input__input"),
        ("number", "input", "kern-form-input__input"),
        ("day", "input", "kern-form-input__input"),
        ("select", "select", "kern-form-input__select"),
        ("many", "select", "kern-form-input__input"),
        ("radio", "input", "kern-form-check__radio"),
        ("boxes", "input", "kern-form-check__checkbox"),
        ("agreed", "input", "kern-form-check__checkbox"),
        ("upload", "input", "kern-form-input__input"),
    ],
)
def test_each_control_carries_the_class_that_kern_gives_it(name, tag, kern_class):
    controls = field(name).all(tag)
    assert [kern_class in control.classes for control in controls] == [True] * len(controls)
    marked = field(name, {}).all(tag)
    assert [f"{kern_class}--error" in control.classes for control in marked] == [True] * len(marked)


@pytest.mark.parametrize(("name", "role"), [("radio", "radiogroup"), ("boxes", None)])
def test_a_group_is_a_fieldset_with_a_legend(name, role):
    shown = field(name)
    fieldset = shown.one("fieldset")
    assert (fieldset["id"], fieldset["role"]) == (f"id_{name}", role)
    assert len(shown.all("legend")) == 1
    assert [label["for"] for label in shown.all("label")] == [control["id"] for control in shown.all("input")]


def test_a_wrong_choice_of_radio_buttons_is_marked_at_the_group_alone():
    shown = field("radio", {})
    assert shown.one("fieldset")["aria-invalid"] == "true"
    assert [radio["aria-invalid"] for radio in shown.all("input")] == [None, None, None]


def test_what_was_chosen_stays_chosen():
    shown = page(FULL)
    checked = [e["value"] for e in shown.all("input") if "checked" in e.attrs]
    assert checked == ["b", "a", "c", None]
    assert [e["value"] for e in shown.all("option") if "selected" in e.attrs] == ["a", "a"]


def test_a_description_given_by_the_form_is_kept():
    assert field("area", {}).one("textarea")["aria-describedby"] == "zaehler id_area_error"


def test_the_parts_of_a_field_have_names_of_their_own():
    assert [part["aria-label"] for part in field("begin").all("input")] == ["Datum", "Uhrzeit"]


def test_required_fields_say_so_and_the_rest_is_called_optional():
    whole = page()
    unmarked = {e["name"] for e in whole.all("input") if "required" not in e.attrs and e["type"] != "hidden"}
    assert unmarked == {"proof", "boxes"}  # browsers know no "one of these boxes"; the server asks
    assert whole.html.count("– optional") == 1


def test_a_form_that_requires_nothing_calls_nothing_optional():
    class Draft(forms.Form):
        text = forms.CharField(required=False)
        topic = forms.CharField(required=False)

        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.fields["topic"].label_note = "für die Freigabe nötig"  # type: ignore[attr-defined]  # asked by label_note

    shown = rendered("{% load crispy_forms_filters %}{{ form|crispy }}", form=Draft())
    assert ("optional" in shown.html.replace("__optional", ""), shown.html.count("für die Freigabe nötig")) == (
        False,
        1,
    )


def test_the_summary_names_every_error_and_leads_to_its_field():
    class Strict(EveryWidget):
        def clean(self) -> None:
            self.add_error(None, "Beides zusammen geht nicht.")
            self.add_error("secret", "Der Schritt ist abgelaufen.")

    shown = rendered("{% load crispy_forms_tags %}{% crispy form %}", form=Strict({}))
    links = [link["href"] for link in shown.all("a") if "data-jump" in link.attrs]
    assert links == [f"#id_{name}" for name in FIELDS if name != "proof"]
    assert len(shown.all("li")) == len(links) + 2
    assert "14 Angaben fehlen oder sind nicht richtig" in shown.html


def test_the_summary_stays_away_while_nothing_is_wrong():
    assert page().with_class("app-error-summary") == []


def test_a_stored_file_is_named_and_can_be_removed():
    form = EveryWidget(initial={"proof": StoredFile()})
    shown = rendered("{% load crispy_forms_filters %}{{ field|as_crispy_field }}", field=form["proof"])
    assert shown.one("a")["href"] == "/nachweis.pdf"
    assert shown.one("input", type="checkbox")["name"] == "proof-clear"


def test_hidden_fields_bring_no_label():
    shown = field("secret")
    assert [(e.tag, e["type"]) for e in shown.elements] == [("input", "hidden")]


def test_buttons_speak_kern_and_keep_what_the_form_adds():
    buttons = {e["name"]: e for e in page().all("button")}
    assert [" ".join(e.classes) for e in buttons.values()] == [
        "kern-btn kern-btn--primary",
        "kern-btn kern-btn--secondary",
        "kern-btn kern-btn--secondary app-btn--danger",
    ]
    assert (buttons["back"]["type"], buttons["save"]["type"]) == ("button", "submit")
    assert (buttons["save"]["value"], buttons["drop"]["data-confirm"]) == ("Speichern", "Weg ist weg.")


def test_the_form_element_sends_files_and_leaves_the_checking_to_the_server():
    form = page().one("form")
    assert (form["method"], form["enctype"], "novalidate" in form.attrs) == ("post", "multipart/form-data", True)


def test_a_form_can_be_shown_without_its_form_element():
    form = EveryWidget()
    form.helper.form_tag = False
    shown = rendered("{% load crispy_forms_tags %}{% crispy form %}", form=form)
    assert (shown.all("form"), len(shown.all("fieldset", id="was"))) == ([], 1)


def test_a_set_of_forms_brings_its_management_form():
    forms_in_a_row = forms.formset_factory(EveryWidget, extra=2)()
    shown = rendered("{% load crispy_forms_filters %}{{ formset|crispy }}", formset=forms_in_a_row)
    assert len(shown.all("input", name="form-TOTAL_FORMS")) == 1
    assert sorted(shown.ids) == sorted(set(shown.ids))
