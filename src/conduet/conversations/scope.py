"""Which conversation, and who speaks in it."""

from dataclasses import dataclass

from conduet.accounts.principal import ProjectScope

DEVELOPER = "developer"
"""What a conversation that a developer began was begun by."""


@dataclass(frozen=True, slots=True)
class ConversationScope:
    """One user's conversation with one project: what a query about turns, state and messages may see."""

    project: ProjectScope
    user_id: str

    @property
    def topic(self) -> str:
        """Wakes whoever waits for the conversation to be free."""
        return f"conversation:{self.project.project_id}:{self.user_id}"

    @property
    def events(self) -> str:
        """The topic that wakes whoever listens to what happens beside the user's turns."""
        return f"events:{self.project.project_id}:{self.user_id}"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for something in a conversation.

    `platform` is where the words come from (`api`, `web`, `dashboard`, a channel's name). `begun_by` is what a
    conversation that begins now remembers: the key's id, a channel's name, `developer`. An asker that `is_page` has a
    widget key, which anybody can read: it sees and sets only what is declared `client`. With `only_own`, because it has
    no proof of who its user is, a conversation that something else began does not exist for it.
    """

    scope: ConversationScope
    platform: str
    begun_by: str
    is_page: bool = False
    only_own: bool = False

    @property
    def is_developer(self) -> bool:
        """Whether somebody asks who sees to the project, and not its user."""
        return self.begun_by == DEVELOPER

    @property
    def is_at_channel(self) -> bool:
        """Whether a channel asks, which sends on what its user hears of."""
        return self.platform == self.begun_by

    def may_see(self, begun_by: str | None) -> bool:
        """Whether a conversation that `begun_by` began exists for the asker; nothing began it: it is new."""
        return not self.only_own or begun_by is None or begun_by == self.begun_by
