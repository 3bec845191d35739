"""The import contract of scripts/contracts.py, on graphs made by hand."""

from collections.abc import Mapping

import grimp
import pytest

from scripts.contracts import StoresContract


def broken(imports: Mapping[str, str]) -> list[tuple[str, str]]:
    graph = grimp.ImportGraph()
    graph.add_module("sqlalchemy", is_squashed=True)
    for importer, imported in imports.items():
        graph.add_import(importer=importer, imported=imported)
    contract = StoresContract("stores", {}, {"databases": ["sqlalchemy", "psycopg"]})
    check = contract.check(graph, verbose=False)
    found: list[tuple[str, str]] = check.metadata["broken"]
    assert check.kept is not bool(found)
    return found


@pytest.mark.parametrize(
    "importer",
    [
        "conduet.kit.db.sqlite",
        "conduet.migrations.env",
        "conduet.projects.tables",
        "conduet.projects.store",
        "conduet.projects.store.versions",
        "conduet.projects.version_store",
    ],
)
def test_stores_tables_kit_and_migrations_may_import_the_database(importer: str) -> None:
    assert broken({importer: "sqlalchemy"}) == []


@pytest.mark.parametrize(
    "importer", ["conduet.projects.routes", "conduet.projects.service", "conduet.app", "conduet.cli"]
)
def test_nobody_else_may_import_the_database(importer: str) -> None:
    assert broken({importer: "sqlalchemy"}) == [(importer, "sqlalchemy")]


def test_a_store_imports_the_tables_of_its_own_domain() -> None:
    assert broken({"conduet.projects.store": "conduet.projects.tables"}) == []


@pytest.mark.parametrize("importer", ["conduet.accounts.store", "conduet.projects.service", "conduet.accounts.tables"])
def test_tables_are_imported_by_no_other(importer: str) -> None:
    assert broken({importer: "conduet.projects.tables"}) == [(importer, "conduet.projects.tables")]
