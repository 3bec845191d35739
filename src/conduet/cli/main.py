"""The commands, their flags and their help; what they do is imported when one of them runs."""

from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(
    name="conduet",
    help="""Build, run and watch conversational AI agents on your own machine.

    Start with `conduet serve`: it needs no other service and prints an address, a sign-in link and a `curl` to try.""",
    epilog="Every flag of `serve` is also an environment variable, for example CONDUET_PORT. Exit codes: 0 it is done, "
    "1 it is done and the answer is no, 2 it could not be done.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
token = typer.Typer(help="Developer tokens (`cdt_acc_…`): they open the management API.", no_args_is_help=True)
key = typer.Typer(help="Project keys (`cdt_…`): they open one project's conversations.", no_args_is_help=True)
secrets = typer.Typer(help="The encryption of stored secrets.", no_args_is_help=True)
app.add_typer(token, name="token")
app.add_typer(key, name="key")
app.add_typer(secrets, name="secrets")

Data = Annotated[
    Optional[Path],  # noqa: UP045  # typer reads the annotation at run time
    typer.Option("--data", envvar="CONDUET_DATA", help="The folder that holds everything (default: ./data)."),
]
Project = Annotated[str, typer.Argument(help="The project's id or slug, for example proj_demo.")]
OtherProject = Annotated[
    Optional[str],  # noqa: UP045  # typer reads the annotation at run time
    typer.Argument(metavar="PROJECT", help="The project's id or slug; left out: the one that has the file's slug."),
]
Source = Annotated[
    str, typer.Argument(metavar="FILE|FOLDER", help="A project as a JSON file, or a folder that was pulled.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@app.callback()
def conduet() -> None:
    """Build, run and watch conversational AI agents on your own machine."""


@app.command()
def serve(
    *,
    host: Annotated[str | None, typer.Option(envvar="CONDUET_HOST", help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(envvar="CONDUET_PORT", help="The port to listen on.")] = None,
    data: Data = None,
    workers: Annotated[int | None, typer.Option(envvar="CONDUET_WORKERS", help="Processes that serve.")] = None,
    demo: Annotated[
        bool,
        typer.Option("--demo/--no-demo", help="Make a demo on the first start, and run the service that it calls."),
    ] = True,
) -> None:
    """Serve everything from one command; stop it with Ctrl-C.

    Example: `conduet serve --port 8000 --data ./data`
    """
    from conduet.cli.serve import serve as run

    run({"host": host, "port": port, "data": data, "workers": workers}, demo=demo)


@app.command()
def migrate(*, data: Data = None, as_json: AsJson = False) -> None:
    """Bring the database to this version; `serve` does it by itself on start.

    Example: `conduet migrate --data ./data`
    """
    from conduet.cli.upkeep import migrate as run

    run(data, as_json=as_json)


@app.command()
def doctor(*, data: Data = None, as_json: AsJson = False) -> None:
    """Say what is configured and what is wrong; exits with 1 when something is.

    Example: `conduet doctor --data ./data`
    """
    from conduet.cli.doctor import doctor as run

    run(data, as_json=as_json)


@app.command()
def link(*, data: Data = None, as_json: AsJson = False) -> None:
    """Print a new sign-in link; it works once, within 15 minutes.

    Example: `conduet link --data ./data`
    """
    from conduet.cli.upkeep import link as run

    run(data, as_json=as_json)


@token.command("create")
def token_create(
    *,
    name: Annotated[str, typer.Option(help="What the token is for, to know it by later.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print one new developer token and nothing else; it is shown this once.

    Example: `export CONDUET_TOKEN=$(conduet token create --name laptop)`
    """
    from conduet.cli.upkeep import create_token as run

    run(data, name=name, as_json=as_json)


@key.command("create")
def key_create(
    project: Project,
    *,
    kind: Annotated[
        str, typer.Option("--type", help="secret (the whole project) or widget (safe to print in a page).")
    ] = "secret",
    origin: Annotated[
        Optional[list[str]],  # noqa: UP045  # typer reads the annotation at run time
        typer.Option(help="An origin that may use a widget key, for example https://shop.example; repeat it."),
    ] = None,
    name: Annotated[str, typer.Option(help="What the key is for, to know it by later.")] = "made with conduet",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print one new project key and nothing else; it is shown this once.

    Example, for a web page: `conduet key create proj_demo --type widget --origin https://shop.example`
    """
    from conduet.cli.upkeep import create_key as run

    run(data, project=project, kind=kind, origins=origin or [], name=name, as_json=as_json)


@secrets.command("rotate")
def secrets_rotate(*, data: Data = None, as_json: AsJson = False) -> None:
    """Encrypt every stored secret anew.

    With CONDUET_SECRET_KEY: by the first key of its list, after which the others may go. Without: by a new key in the
    data folder's `secret.key`, which keeps the former ones as well. Works while a server runs.

    Example: `conduet secrets rotate --data ./data`
    """
    from conduet.cli.upkeep import rotate_secrets as run

    run(data, as_json=as_json)


@app.command()
def chat(
    project: Project,
    *,
    version: Annotated[str, typer.Option(help="development, production or a version's id.")] = "development",
    user: Annotated[str | None, typer.Option(help="Talk as this user; a new one when left out.")] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Print every trace as JSON.")] = False,
    as_json: AsJson = False,
) -> None:
    """Talk to a project in the terminal; needs a running server and CONDUET_TOKEN.

    The server's address is CONDUET_URL (default http://127.0.0.1:8000). An empty line or Ctrl-D ends it.

    Example: `conduet chat proj_demo --trace`
    """
    from conduet.cli.chat import chat as run

    run(project, version=version, user=user, trace=trace or as_json)


@app.command("test")
def run_tests(
    project: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FOLDER|PROJECT", help="A project as a JSON file or a folder, or a project's id or slug."
        ),
    ],
    *,
    version: Annotated[
        str | None, typer.Option(help="Of a PROJECT: development (if left out), production or a version's id.")
    ] = None,
    junit: Annotated[
        Optional[Path],  # noqa: UP045  # typer reads the annotation at run time
        typer.Option(help="Write the results to this file as JUnit XML too."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a project's conversation tests; exits with 1 when one is red.

    A FILE or FOLDER needs no server, no key and no network. A PROJECT is tested by the server at CONDUET_URL, with
    CONDUET_TOKEN.

    Example: `conduet test agent.json --junit report.xml`
    """
    from conduet.cli.test import run_tests as run

    run(project, version=version, junit_file=junit, as_json=as_json)


@app.command()
def pull(
    project: Project,
    target: Annotated[
        Optional[str],  # noqa: UP045  # typer reads the annotation at run time
        typer.Argument(
            metavar="FILE|FOLDER",
            help="Where it is written: a file that ends in .json, else a folder; left out: stdout.",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write a project to a JSON file, or to a folder with a file for each workflow, playbook, tool, prompt and test.

    The same project is the same bytes, whoever saved it where: made for git. Example: `conduet pull front-desk agent/`
    """
    from conduet.cli.sync import pull as run

    run(project, target, as_json=as_json)


@app.command()
def push(
    source: Source,
    project: OtherProject = None,
    *,
    create: Annotated[bool, typer.Option("--create", help="Make the project where the server has none.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a server's draft what a file or a folder says; values of secrets stay as they are there.

    Example, with the project known by its slug: `conduet push agent/`
    """
    from conduet.cli.sync import push as run

    run(source, project, create=create, as_json=as_json)


@app.command()
def diff(source: Source, project: OtherProject = None, *, as_json: AsJson = False) -> None:
    """Tell what a push would change; exits with 1 when that is anything.

    Example: `conduet diff agent/`
    """
    from conduet.cli.sync import diff as run

    run(source, project, as_json=as_json)


@app.command()
def check(source: Source, *, as_json: AsJson = False) -> None:
    """Tell what is wrong with a project in files, or unfinished; exits with 1 when it could not be published.

    Needs no server and no key. Example: `conduet check agent/`
    """
    from conduet.cli.check import check as run

    run(source, as_json=as_json)


@app.command("import")
def take(
    source: Annotated[str, typer.Argument(metavar="FILE", help="A Voiceflow export (.vf), or a project of ours.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Make a project of an export, and tell what became of every step.

    Example: `conduet import shop.vf`
    """
    from conduet.cli.importing import take as run

    run(source, as_json=as_json)


@app.command()
def publish(
    project: Project,
    *,
    name: Annotated[str | None, typer.Option(help="What the version is called; it is numbered when left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Publish a project's draft and print the version's id; exits with 1 while the draft is unfinished.

    Example: `conduet publish front-desk --name "Spring"`
    """
    from conduet.cli.sync import publish as run

    run(project, name=name, as_json=as_json)


def main() -> None:
    """Runs the command that the arguments name."""
    app()
