"""`conduet pull`, `push`, `diff`, `check`, `import` and `publish`: a project between a server and files."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner, Result

from conduet.cli.main import app
from conduet.projects.demo import read_demo
from tests.cli.served import conduet, served
from tests.engine.talk import line, step

VOICEFLOW = Path("tests/projects/fixtures/voiceflow/example_project.vf").resolve()
COMMANDS = ("pull", "push", "diff", "check", "import", "publish")


@dataclass(frozen=True)
class Shell:
    """The commands of somebody with a token, and the API beside them."""

    url: str
    token: str

    def run(self, *arguments: str, **more: str) -> Result:
        """What a command comes to, in this process."""
        environment = {"CONDUET_URL": self.url, "CONDUET_TOKEN": self.token, "NO_COLOR": "1", **more}
        return CliRunner().invoke(app, [*arguments], env=environment)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx2.Client(base_url=f"{self.url}/api/v1", headers=headers, trust_env=False, timeout=60) as client:
            answer = client.request(method, path, json=body)
            assert answer.is_success, answer.text
            return answer.json() if answer.content else None

    def make(self, slug: str, **document: Any) -> str:
        """The id of a new project."""
        made = self.api("POST", "/projects", {"name": slug.capitalize(), "slug": slug})
        if document:
            self.api("PATCH", f"/projects/{made['id']}", document)
        return made["id"]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("served")
    with served(folder / "data") as running:
        made = conduet("token", "create", "--name", "test", "--data", str(running.data))
        yield Shell(running.url, made.stdout.strip())


def tree(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def edit(path: Path, change: Callable[[Any], None]) -> None:
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def ok(result: Result, *, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout


def test_a_folder_has_a_file_for_each_part_and_pulling_again_changes_none(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ok(shell.run("pull", "proj_demo", str(folder)))
    flows: Any = read_demo()["workflows"]
    files = tree(folder)
    assert {name for name in files if name.startswith("workflows/")} == {
        f"workflows/{flow['id']}.json" for flow in flows
    }
    root = json.loads(files["project.json"])
    assert not {"id", "createdAt", "updatedAt", "revision", "schemaVersion", "problems"} & root.keys()
    assert "holds" in ok(shell.run("pull", "proj_demo", str(folder)))
    told = json.loads(ok(shell.run("pull", "proj_demo", str(folder), "--json")))
    assert told == {"project": "proj_demo", "folder": str(folder), "changed": []}
    assert tree(folder) == files


def test_a_folder_that_is_pushed_and_pulled_again_is_the_same_bytes(shell: Shell, tmp_path: Path) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    ok(shell.run("pull", "proj_demo", str(there)))
    edit(there / "project.json", lambda root: root.update(slug="demo-twin", prompts=["tone", "Größe/2"]))
    (there / "prompts").mkdir(exist_ok=True)
    (there / "prompts" / "tone.md").write_text("Be kind.\nNo newline at the end")
    made = shell.run("push", str(there), "--create")
    assert made.exit_code == 2
    assert "Gr" in made.stderr
    edit(there / "project.json", lambda root: root.update(prompts=["tone"]))
    ok(shell.run("push", str(there), "--create"))
    ok(shell.run("pull", "demo-twin", str(back)))
    assert tree(back) == tree(there)
    assert "nothing to push" in ok(shell.run("push", str(there)))
    assert "the same" in ok(shell.run("diff", str(there)))


def test_a_change_in_a_file_is_told_by_diff_and_made_by_push(shell: Shell, tmp_path: Path) -> None:
    flow = {**line(step("hello", "message", text="Hello!"), primary=True), "notes": [{"text": "Draft.", "id": "n"}]}
    project = shell.make("change", workflows=[flow])
    folder = tmp_path / "change"
    ok(shell.run("pull", "change", str(folder)))
    assert [*json.loads((folder / "workflows" / "main.json").read_text())["notes"][0]] == ["id", "text"]
    edit(folder / "workflows" / "main.json", lambda flow: flow["steps"][1]["config"].update(text="Good day!"))
    (folder / "workflows" / "more.json").write_text('{"id": "more", "name": "More", "steps": [], "connections": []}')
    told = ok(shell.run("diff", str(folder)), code=1)
    assert "Hello!" in told
    assert "Good day!" in told
    assert "+ workflow “More” was added." in told
    listed = json.loads(ok(shell.run("diff", str(folder), "--json"), code=1))
    assert listed["same"] is False
    assert {change["kind"] for change in listed["changes"]} == {"changed", "added"}
    pushed = shell.run("push", str(folder))
    assert "revision" in ok(pushed)
    document = shell.api("GET", f"/projects/{project}")
    assert document["workflows"][0]["steps"][1]["config"]["text"] == "Good day!"
    assert [flow["id"] for flow in document["workflows"]] == ["main", "more"]
    (folder / "workflows" / "more.json").unlink()
    gone = shell.run("push", str(folder))
    assert gone.exit_code == 0
    ok(shell.run("diff", str(folder)))


def test_a_file_that_the_folder_names_and_has_not_is_told(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ok(shell.run("pull", "proj_demo", str(folder)))
    gone = next((folder / "workflows").iterdir())
    gone.unlink()
    done = shell.run("check", str(folder))
    assert (done.exit_code, done.stdout) == (2, "")
    assert gone.stem in done.stderr


def test_one_file_works_as_a_folder_does_and_nothing_but_the_document_is_on_stdout(
    shell: Shell, tmp_path: Path
) -> None:
    shell.make("single", secrets=[{"name": "KEY", "value": "do-not-tell"}])
    file = tmp_path / "single.json"
    done = shell.run("pull", "single", str(file))
    assert "KEY" in done.stderr
    assert "do-not-tell" not in file.read_text()
    printed = shell.run("pull", "single")
    assert printed.stdout == file.read_text()
    edit(file, lambda document: document.update(description="Mine."))
    assert "Mine." in ok(shell.run("diff", str(file)), code=1)
    ok(shell.run("push", str(file)))
    assert shell.api("GET", "/projects")[0]["slug"] == "single"


def test_a_project_may_be_pushed_to_another_which_keeps_its_slug(shell: Shell, tmp_path: Path) -> None:
    shell.make("here", description="From here.")
    there = shell.make("there")
    file = tmp_path / "here.json"
    ok(shell.run("pull", "here", str(file)))
    ok(shell.run("diff", str(file), "there"), code=1)
    ok(shell.run("push", str(file), "there"))
    ok(shell.run("diff", str(file), "there"))
    document = shell.api("GET", f"/projects/{there}")
    assert (document["slug"], document["description"]) == ("there", "From here.")


def test_what_the_server_refuses_leaves_no_project_and_says_where(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    broken = {"id": "main", "steps": [{"id": "a", "type": "nope"}, {"id": "b", "type": "no"}], "connections": []}
    file.write_text(json.dumps({"name": "Broken", "slug": "broken", "workflows": [broken]}))
    done = shell.run("push", str(file), "--create")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "workflows[0].steps[0].type" in done.stderr
    assert "workflows[0].steps[1].type" in done.stderr
    assert "broken" not in {project["slug"] for project in shell.api("GET", "/projects")}


def test_check_tells_errors_by_path_without_a_server(tmp_path: Path) -> None:
    shell, file = Shell("http://127.0.0.1:9", ""), tmp_path / "shop.json"
    flow = line(step("hello", "message", text="Hello {{nobody}}!"), primary=True)
    file.write_text(json.dumps({"name": "Shop", "workflows": [flow], "colour": "red"}))
    told = ok(shell.run("check", str(file)), code=1)
    assert "error   workflows[0].steps[1].config.text: There is no variable 'nobody'." in told
    assert told.endswith("1 error, 1 warning.\n")
    problems = json.loads(ok(shell.run("check", str(file), "--json"), code=1))
    assert [problem["severity"] for problem in problems] == ["error", "warning"]
    flow["steps"][1]["config"]["text"] = "Hello!"
    file.write_text(json.dumps({"name": "Shop", "workflows": [flow]}))
    assert ok(shell.run("check", str(file))) == "No problems.\n"
    for text, path in (('{"workflows": []}', "name"), ('{"name": "x", "workflows": [{}]}', "workflows[0].id")):
        file.write_text(text)
        assert path in ok(shell.run("check", str(file)), code=1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", "shop.jsn"), "did you mean"),
        (("check", "list.json"), "a project is a JSON object"),
        (("check", "broken.json"), "not valid JSON"),
        (("check", "empty"), "project.json"),
        (("push", "shop.json"), "no project shop"),
        (("push", "nameless.json"), "has no `slug`"),
        (("pull", "proj-demo", "x"), "there is no project proj-demo"),
        (("pull", "proj_demo", "full"), "not empty"),
        (("pull", "proj_demo", "shop.json/x.json"), "cannot be written"),
        (("import", "list.json"), "JSON object"),
        (("publish", "nobody"), "there is no project nobody"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_on_stderr_and_exit_code_2(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "full"):
        Path(name).mkdir()
    Path("full/notes.txt").write_text("Mine.")
    Path("shop.json").write_text('{"name": "Shop", "slug": "shop"}')
    Path("nameless.json").write_text("{}")
    Path("list.json").write_text("[]")
    Path("broken.json").write_text("{")
    done = shell.run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_project_or_command_is_guessed(shell: Shell) -> None:
    shell.make("front-desk")
    assert "did you mean front-desk?" in shell.run("pull", "frontdesk").stderr
    assert "Did you mean" in shell.run("pul", "frontdesk").stderr


def test_a_server_that_is_not_there_and_a_token_that_is_wrong_are_told(shell: Shell) -> None:
    away = shell.run("pull", "proj_demo", CONDUET_URL="http://127.0.0.1:9")
    assert (away.exit_code, away.stdout) == (2, "")
    assert "nothing answers at http://127.0.0.1:9" in away.stderr
    wrong = shell.run("pull", "proj_demo", CONDUET_TOKEN="cdt_acc_" + "x" * 43)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "developer token" in wrong.stderr


def test_an_export_of_another_tool_is_imported_with_its_report(shell: Shell) -> None:
    done = shell.run("import", str(VOICEFLOW), "--json")
    told = json.loads(ok(done))
    counts = told["report"]["counts"]
    assert counts["steps"] == counts["mapped"] + counts["approximated"] + counts["dropped"] > 0
    text = ok(shell.run("import", str(VOICEFLOW)))
    assert f"{counts['steps']} steps, {counts['mapped']} mapped" in text.splitlines()[-1]


def test_a_pulled_folder_is_imported_as_a_copy(shell: Shell, tmp_path: Path) -> None:
    ok(shell.run("pull", "proj_demo", str(tmp_path / "demo")))
    told = json.loads(ok(shell.run("import", str(tmp_path / "demo"), "--json")))
    assert told["project"]["id"] != "proj_demo"
    assert told["report"]["source"]["format"] == "conduet"


def test_a_draft_is_published_once_it_is_finished(shell: Shell) -> None:
    project = shell.make("spring")
    version = ok(shell.run("publish", "spring", "--name", "Spring")).strip()
    assert [each["name"] for each in shell.api("GET", f"/projects/{project}/versions") if each["id"] == version] == [
        "Spring"
    ]
    empty = line(step("hello", "message", text=""), primary=True)
    shell.api("PATCH", f"/projects/{project}", {"workflows": [empty]})
    assert "workflows[0].steps[1].config.text" in ok(shell.run("publish", "spring"), code=1)


def test_every_command_has_an_example_in_its_help() -> None:
    for command in (*COMMANDS, "serve", "migrate", "doctor", "link", "chat", "test"):
        told = CliRunner().invoke(app, [command, "--help"], env={"NO_COLOR": "1", "COLUMNS": "200"})
        assert f"conduet {command}" in told.stdout.split("Example")[1], command


def test_a_process_says_the_same(shell: Shell, tmp_path: Path) -> None:
    done = conduet("pull", "proj_demo", str(tmp_path / "x"), CONDUET_URL=shell.url, CONDUET_TOKEN=shell.token)
    assert done.returncode == 0, done.stderr
    assert conduet("check", str(tmp_path / "x")).returncode == 0
    assert conduet("check", str(tmp_path / "none")).returncode == 2
