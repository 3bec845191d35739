"""The events that webhooks may be told of."""

from typing import Final

ENDED: Final = "conversation.ended"
ESCALATED: Final = "conversation.escalated"
DOCUMENT_FAILED: Final = "document.failed"
BUDGET_REACHED: Final = "budget.reached"
VERSION_PUBLISHED: Final = "version.published"

TYPES: Final = (ENDED, ESCALATED, DOCUMENT_FAILED, BUDGET_REACHED, VERSION_PUBLISHED)
