"""What the house has ready for a text: Kernbotschaften, templates, blocks, hashtags."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..enums import BlockKind, Role
from ..models import TextBlock, Topic
from ..roles import StaffRequest, roles


@require_GET
@roles(Role.PROE, Role.GF)
def text_blocks(request: StaffRequest) -> HttpResponse:
    """For the topic of the address; beside the text as a fragment, without script as a page of its own (K-24)."""
    topic = Topic.objects.prefetch_related("core_messages").filter(slug=request.GET.get("topic", "")).first()
    fitting = TextBlock.objects.filter(Q(topic=None) | Q(topic=topic))
    by_kind: dict[str, list[TextBlock]] = {kind: [] for kind in BlockKind.values}
    for block in fitting:
        by_kind[block.kind].append(block)
    groups = [(kind.label, by_kind[kind]) for kind in BlockKind]
    may_insert = bool(request.headers.get("HX-Request"))
    context = {
        "topic": topic,
        "messages_of_topic": list(topic.core_messages.all()) if topic else [],
        "groups": [(label, blocks) for label, blocks in groups if blocks],
        "may_insert": may_insert,
        "heading": "h3" if may_insert else "h2",
    }
    name = "_blocks" if may_insert else "blocks"
    return render(request, f"editorial/posts/{name}.html", context)
