"""What the form templates in templates/kern/ ask about a field. KERN's class names stand here and nowhere else."""

from typing import Any

from crispy_forms.layout import BaseInput
from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.forms.widgets import Widget
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

INPUT = "kern-form-input__input"
SELECT = "kern-form-input__select"
CHECKBOX = "kern-form-check__checkbox"
RADIO = "kern-form-check__radio"
OPTION_LABEL = '<label class="kern-label" for="{2}">{4}</label>'
OPTION = '<div class="kern-form-check"><input{0} value="{1}" id="{2}"{3}>' + OPTION_LABEL + "</div>"
CHECKED = SafeString(" checked")
# These say by their width that little is expected.
SHORT_TYPES = ("date", "datetime-local", "time", "month", "week", "number")
PART_LABELS = ("Datum", "Uhrzeit")


@register.filter
def control(field: BoundField) -> str:
    """Which template of the pack shows this field: its name without the ending."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "kern/layout/group.html"
    if isinstance(widget, forms.CheckboxInput):
        return "kern/layout/checkbox.html"
    if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget):
        return "kern/layout/multivalue.html"
    if isinstance(widget, forms.FileInput):
        return "kern/layout/file.html"
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
        return "kern/layout/select.html"
    return "kern/layout/input.html"


@register.filter
def kern_widget(field: BoundField) -> SafeString:
    """The bare control with KERN's classes, its state and the ids of hint and error that really stand on the page."""
    widget = field.field.widget
    attrs: dict[str, Any] = {"class": _classes(field, widget), **_described(field)}
    if type(widget) is forms.Select:
        return _select(field, widget, attrs)
    if isinstance(widget, forms.ClearableFileInput):
        # The template shows the present file itself: Django's own markup for it has neither label nor hint.
        return field.as_widget(forms.FileInput(attrs=widget.attrs), attrs=attrs)
    if isinstance(widget, forms.MultiWidget):
        _name_the_parts(widget)
        attrs.pop("aria-describedby", None)  # the fieldset says it once for all parts
    return field.as_widget(attrs=attrs)


@register.filter
def options(field: BoundField) -> SafeString:
    """The radio buttons or check boxes of a group with their labels.

    Written here, because Django's way to a single one of them leads through four templates.
    """
    widget = field.field.widget
    attrs = field.build_widget_attrs({"class": _classes(field, widget)})
    if is_radio(field):
        attrs.pop("aria-invalid", None)  # a radio button cannot be wrong, only the group can
    alike = flatatt({"type": widget.input_type, "name": field.html_name, **widget.build_attrs(widget.attrs, attrs)})
    parts = widget.subwidgets(field.html_name, field.value(), attrs={"id": field.auto_id})
    rows = ((alike, p["value"], p["attrs"]["id"], CHECKED if p["selected"] else "", p["label"]) for p in parts)
    return format_html_join("", OPTION, rows)


@register.filter
def is_radio(field: BoundField) -> bool:
    return _is_radio(field.field.widget)


@register.filter
def described_by(field: BoundField) -> str:
    return _described(field).get("aria-describedby", "")


@register.filter
def label_note(field: BoundField) -> str:
    """The word after a label: the field's own ``label_note``, else "optional" in a form that requires others."""
    if (note := getattr(field.field, "label_note", None)) is not None:
        return note
    if field.field.required:
        return ""
    others = field.form.fields.values()
    return "optional" if any(other.required and not other.widget.is_hidden for other in others) else ""


@register.filter
def present_file(field: BoundField) -> Any:
    """The stored file that an upload would replace, or None."""
    widget = field.field.widget
    if isinstance(widget, forms.ClearableFileInput) and widget.is_initial(field.initial):
        return field.initial
    return None


@register.filter
def error_links(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every error of a form with the id to jump to; "" when it belongs to no visible field."""
    links = [{"target": "", "label": "", "text": str(text)} for text in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else field.id_for_label or field.auto_id
        links += [{"target": target, "label": str(field.label), "text": str(text)} for text in field.errors]
    return links


@register.filter
def button_class(button: BaseInput) -> str:
    """crispy names its buttons in Bootstrap's words; a ``kern-btn--…`` given by the form wins over both."""
    own = [word for word in button.field_classes.split() if not word.startswith("btn")]
    if not any(word.startswith("kern-btn--") for word in own):
        own.append("kern-btn--primary" if button.input_type == "submit" else "kern-btn--secondary")
    return " ".join(["kern-btn", *own])


def _classes(field: BoundField, widget: Widget) -> str:
    words = [widget.attrs.get("class", ""), base := _base_class(widget)]
    if field.errors:
        words.append(f"{base}--error")
    if widget.attrs.get("type", getattr(widget, "input_type", "")) in SHORT_TYPES:
        words.append("app-input--short")
    return " ".join(filter(None, words))


def _is_radio(widget: Widget) -> bool:
    # Django derives its check boxes from its radio buttons.
    return isinstance(widget, forms.RadioSelect) and not isinstance(widget, forms.CheckboxSelectMultiple)


def _base_class(widget: Widget) -> str:
    if _is_radio(widget):
        return RADIO
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
        return CHECKBOX
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
        return SELECT
    return INPUT


def _select(field: BoundField, widget: forms.Select, attrs: dict[str, Any]) -> SafeString:
    """As Django writes it, but without two templates for each option."""
    attrs = field.build_widget_attrs(attrs | ({"id": field.auto_id} if field.auto_id else {}), widget)
    part = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    groups = format_html_join("", "{}", ([_group(name, options)] for name, options, _ in part["optgroups"]))
    return format_html("<select{}>{}</select>", flatatt({"name": part["name"], **part["attrs"]}), groups)


def _group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    rows = ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options)
    written = format_html_join("", '<option value="{}"{}>{}</option>', rows)
    return format_html('<optgroup label="{}">{}</optgroup>', name, written) if name else written


def _described(field: BoundField) -> dict[str, str]:
    own = field.field.widget.attrs.get("aria-describedby", "")
    hint = f"{field.auto_id}_helptext" if field.help_text else ""
    error = f"{field.auto_id}_error" if field.errors else ""
    ids = " ".join(filter(None, (own, hint, error)))
    return {"aria-describedby": ids} if ids and field.auto_id else {}


def _name_the_parts(widget: forms.MultiWidget) -> None:
    for part, label in zip(widget.widgets, PART_LABELS, strict=False):
        part.attrs.setdefault("aria-label", label)
