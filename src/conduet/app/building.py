"""What projects are built with, wired: the routers of the management API's rows 1 to 9 and 12, and of versions."""

from collections.abc import Sequence

from conduet.accounts.access import Access
from conduet.conversations.offer_routes import offer_routes
from conduet.conversations.offers import ToolOffers
from conduet.conversations.world import World
from conduet.engine.plugins import Plugins
from conduet.kit.db import Database
from conduet.kit.router import Router
from conduet.knowledge.document_works import list_works
from conduet.projects.comment_routes import comment_routes
from conduet.projects.evaluate_routes import evaluate_routes
from conduet.projects.feed import Feeds
from conduet.projects.feed_routes import feed_routes
from conduet.projects.generate_routes import generate_routes
from conduet.projects.generating.generator import Generator
from conduet.projects.import_routes import import_routes
from conduet.projects.routes import management_routes, public_routes
from conduet.projects.service import Projects
from conduet.projects.template_routes import template_routes
from conduet.projects.tool_import_routes import tool_import_routes
from conduet.projects.version_routes import version_routes
from conduet.projects.versions import Versions


def building_routes(
    access: Access, database: Database, projects: Projects, *, plugins: Plugins, world: World
) -> Sequence[Router]:
    """The routers, those of `/projects/templates` before that of `/projects/{projectId}`, which would take its path."""
    generator = Generator(database, projects, plugins, models=world.minds.models, chain=world.minds.chain)
    return (
        template_routes(access, projects),
        generate_routes(access, generator),
        import_routes(access, projects),
        tool_import_routes(access, projects),
        offer_routes(access, ToolOffers(projects, plugins, world)),
        evaluate_routes(access),
        management_routes(access, projects),
        version_routes(access, Versions(database, projects)),
        public_routes(access, projects),
        feed_routes(access, database, Feeds(database, list_works)),
        comment_routes(access, database),
    )
