"""What alembic runs for each command: on the connection that it is handed, in the transaction that is already open."""

from alembic import context

from conduet.migrations.schema import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema(),
    # SQLite cannot alter much of a table: it is copied.
    render_as_batch=True,
)
context.run_migrations()
