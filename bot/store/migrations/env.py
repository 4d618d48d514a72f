"""How Alembic runs: within the transaction, and on the connection, that `migrate` hands over."""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    transactional_ddl=True,  # and would commit half a migration otherwise
)

with context.begin_transaction():
    context.run_migrations()
