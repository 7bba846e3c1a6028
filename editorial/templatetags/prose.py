from django import template
from django.utils.safestring import SafeString

from ..prose import linked as _linked

register = template.Library()


@register.filter
def linked(text: str) -> SafeString:
    """Plain text with its addresses as links; everything else is escaped."""
    return _linked(text)


@register.filter
def clause_range(clauses: list[str]) -> str:
    """K-02 bis K-09: neighbours are drawn together, the others named one by one."""
    runs: list[list[str]] = []
    for clause in clauses:
        if runs and _number(clause) == _number(runs[-1][-1]) + 1:
            runs[-1].append(clause)
        else:
            runs.append([clause])
    return ", ".join(_spoken(run) for run in runs)


def _number(clause: str) -> int:
    return int(clause.rpartition("-")[2])


def _spoken(run: list[str]) -> str:
    return f"{run[0]} bis {run[-1]}" if len(run) > 2 else ", ".join(run)
