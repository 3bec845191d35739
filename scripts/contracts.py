"""An import contract that import-linter cannot say in its own words: who may touch the database."""

import re
from collections.abc import Iterator

import grimp
from importlinter import Contract, ContractCheck, fields, output

STORE = re.compile(r"conduet\.(?P<domain>\w+)\.(store(\..+)?|\w+_store)")
TABLES = re.compile(r"conduet\.(?P<domain>\w+)\.tables")
ELSEWHERE = re.compile(r"conduet\.(kit|migrations)(\..+)?")


class StoresContract(Contract):
    """Database libraries are imported by stores, tables, `kit` and `migrations`; a domain's tables by its own store.

    A store is `DOMAIN/store.py`, a module of the package `DOMAIN/store/`, or `DOMAIN/SOMETHING_store.py`.
    """

    type_name = "stores"

    databases = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  (import-linter's signature)
        broken = sorted({*self._database_links(graph), *_table_links(graph)})
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        links: list[tuple[str, str]] = check.metadata["broken"]
        for importer, imported in links:
            output.print_error(f"- {importer} -> {imported}", bold=False)
        output.new_line()

    def _database_links(self, graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
        databases: list[str] = self.databases  # type: ignore[assignment]
        for database in graph.modules.intersection(databases):
            for importer in graph.find_modules_that_directly_import(database):
                if not any(kind.fullmatch(importer) for kind in (STORE, TABLES, ELSEWHERE)):
                    yield importer, database


def _table_links(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    for module in graph.modules:
        tables = TABLES.fullmatch(module)
        if tables is None:
            continue
        for importer in graph.find_modules_that_directly_import(module):
            store = STORE.fullmatch(importer)
            own = store is not None and store["domain"] == tables["domain"]
            if not own and not ELSEWHERE.fullmatch(importer):
                yield importer, module
