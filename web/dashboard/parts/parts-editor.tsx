import { useMay } from "@dashboard/data/roles";
import { useShapes } from "@dashboard/data/schema";
import { inWords, titleIn } from "@dashboard/data/titles";
import type { Editor } from "@dashboard/editing/editor";
import { tellEdit } from "@dashboard/editing/history";
import { useErrors } from "@dashboard/editing/use-errors";
import { ProjectNames } from "@dashboard/form/project-names";
import { IconButton } from "@ui/button";
import { t } from "@ui/words";
import { Trash2 } from "lucide-react";
import { useMemo } from "react";
import { BuildBar } from "./build-bar";
import { IntentForm } from "./intent-form";
import {
  type Intent,
  idOf,
  type Kind,
  kindsOf,
  labelOf,
  newPart,
  type Part,
  type Pipeline,
  type Playbook,
  type Tool,
  type Variable,
  WORDS,
  withParts,
} from "./kinds";
import { ListAndEditor } from "./list-and-editor";
import { NoParts } from "./no-parts";
import { PipelineForm } from "./pipeline-form";
import type { Place } from "./place";
import { PlaybookForm } from "./playbook-form";
import { Secrets } from "./secrets";
import { ToolForm } from "./tool-form";
import { UsedIn } from "./used-in";
import { countedUses, type Use, usesOf } from "./uses";
import { VariableForm } from "./variable-form";

export interface PartsEditorProps {
  readonly editor: Editor;
  readonly projectId: string;
  readonly kind: Kind;
  /** The part that is open. */
  readonly item: string | undefined;
  readonly onKind: (kind: Kind) => void;
  readonly onItem: (id: string | undefined) => void;
  readonly onUse: (use: Use) => void;
  readonly onPlace: (place: Place) => void;
}

/** What steps and agents share: variables, tools, playbooks, intents and secrets. */
export default function PartsEditor(props: PartsEditorProps) {
  const { editor, projectId, kind, onKind } = props;
  const document = editor(state => state.document);
  return (
    <ProjectNames editor={editor}>
      <div className="flex h-full min-h-0 flex-col">
        <BuildBar
          editor={editor}
          projectId={projectId}
          label={t("Parts")}
          value={kind}
          tabs={kindsOf(document).map(value => ({ value, label: WORDS[value].title }))}
          onChange={onKind}
          onPlace={props.onPlace}
        />
        <div className="min-h-0 flex-1">
          {kind === "secrets" ? <Secrets {...props} /> : <Parts key={kind} {...props} kind={kind} />}
        </div>
      </div>
    </ProjectNames>
  );
}

type Listed = Exclude<Kind, "secrets">;

function Parts({
  editor,
  projectId,
  kind,
  item,
  onItem,
  onUse,
}: PartsEditorProps & { readonly kind: Listed }) {
  const document = editor(state => state.document);
  const edits = useMay("edit");
  const edit = editor(state => state.edit);
  const problems = editor(state => state.problems);
  const words = WORDS[kind];
  const parts: readonly Part[] = document[kind];
  const place = Math.max(
    0,
    parts.findIndex(each => idOf(each) === item),
  );
  const part = parts[place];
  const id = part ? idOf(part) : "";
  const shapes = useShapes();
  const uses = useMemo(() => usesOf(document, kind, id, shapes), [document, kind, id, shapes]);
  const errors = useErrors(editor);
  const add = () => {
    const made = newPart(kind, editor.getState().document);
    edit(t("Add %{one}", { one: words.one }), now => withParts(now, kind, list => [...list, made]));
    onItem(idOf(made));
  };
  if (!part) {
    return <NoParts kind={kind} projectId={projectId} onAdd={add} />;
  }
  const put = (changed: Part, field: string) =>
    edit(
      t("Edit %{part}", { part: labelOf(part) }),
      now => withParts(now, kind, list => list.map(each => (idOf(each) === id ? changed : each))),
      `${kind}.${id}.${field}`,
    );
  const remove = () => {
    edit(t("Delete %{part}", { part: labelOf(part) }), now =>
      withParts(now, kind, list => list.filter(each => idOf(each) !== id)),
    );
    onItem(undefined);
    tellEdit(
      editor,
      t("Deleted %{part}", { part: labelOf(part) }),
      uses.length
        ? t("%{countedUses}; it is missing there now.", { countedUses: countedUses(uses) })
        : undefined,
    );
  };
  const flawed = (index: number) =>
    problems.find(each => each.path.startsWith(`${kind}[${index}]`))?.severity;
  const shared = { editor, errors, path: `${kind}[${place}]`, onChange: put };
  return (
    <ListAndEditor
      label={words.title}
      one={words.one}
      openId={item === undefined ? undefined : id}
      onOpen={onItem}
      onAdd={add}
      items={parts.map((each, index) => ({
        id: idOf(each),
        label: labelOf(each),
        hint: hintOf(kind, each),
        problem: flawed(index),
      }))}
    >
      <header className="flex items-center gap-2">
        <h2 className="min-w-0 flex-1 truncate font-semibold text-lead" dir="auto">
          {labelOf(part)}
        </h2>
        {edits && (
          <IconButton icon={Trash2} label={t("Delete %{one}", { one: words.one })} onClick={remove} />
        )}
      </header>
      {kind !== "intents" && kind !== "pipelines" && <UsedIn uses={uses} onUse={onUse} />}
      {kind === "pipelines" && (
        <PipelineForm key={id} {...shared} projectId={projectId} part={part as Pipeline} />
      )}
      {kind === "variables" && (
        <VariableForm key={id} {...shared} part={part as Variable} onRenamed={onItem} />
      )}
      {kind === "tools" && <ToolForm key={id} {...shared} part={part as Tool} />}
      {kind === "playbooks" && <PlaybookForm key={id} {...shared} part={part as Playbook} />}
      {kind === "intents" && <IntentForm key={id} {...shared} part={part as Intent} />}
    </ListAndEditor>
  );
}

function hintOf(kind: Listed, part: Part): string {
  const { type, description, utterances } = part as Partial<Tool & Intent>;
  if (kind === "intents") return utterances?.[0] || description || "";
  if (kind === "pipelines") return (part as Pipeline).enabled ? t("Enabled") : t("Not enabled");
  if (kind === "playbooks") return description ?? "";
  const called = type && (kind === "tools" ? titleIn("tools", type) : inWords(type));
  return [called, description].filter(Boolean).join(" · ");
}
