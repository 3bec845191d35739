import { useMay } from "@dashboard/data/roles";
import { Button, IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { FormDialog } from "@ui/form-dialog";
import { Menu, MenuItem, MenuLine } from "@ui/menu";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { ChevronDown, LayoutGrid, ListTree, Plus, Search, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Editor } from "../editing/editor";
import { newId, type Workflow } from "../editing/flow";
import { type History, tellEdit } from "../editing/history";
import { PartsMenu } from "../parts/parts-menu";
import { UndoButtons } from "../parts/undo-buttons";

export interface WorkflowBarProps {
  readonly editor: Editor;
  readonly workflow: Workflow;
  readonly projectId: string;
  readonly onOpen: (workflowId: string) => void;
  readonly onAdd: () => void;
  readonly onFind: () => void;
  readonly onOutline: () => void;
  readonly onTidy: () => void;
  readonly history: History;
}

/** Whether a step of the one leads into the other. */
const calls = (workflow: Workflow, id: string) =>
  workflow.steps.some(each => Object.values(each.config).includes(id));

/** Which workflow is drawn, and what can be done with all of it. */
export function WorkflowBar(props: WorkflowBarProps) {
  const { editor, workflow, onOpen } = props;
  const edits = useMay("edit");
  const workflows = editor(state => state.document.workflows);
  const [naming, setNaming] = useState<"new" | "rename">();
  const edit = editor(state => state.edit);
  const add = (name: string) => {
    const id = newId("wf");
    const start = { id: newId("step"), type: "start", config: {}, position: { x: 0, y: 0 } };
    edit(t("Add workflow"), document => ({
      ...document,
      workflows: [
        ...document.workflows,
        { id, name, steps: [start], connections: [], notes: [] } as Workflow,
      ],
    }));
    onOpen(id);
  };
  const rename = (name: string) =>
    edit(t("Rename workflow"), document => ({
      ...document,
      workflows: document.workflows.map(each => (each.id === workflow.id ? { ...each, name } : each)),
    }));
  const remove = () => {
    const next = workflows.find(each => each.id !== workflow.id);
    if (!next) return;
    const callers = workflows.filter(each => each.id !== workflow.id && calls(each, workflow.id));
    edit(t("Delete workflow"), document => ({
      ...document,
      workflows: document.workflows.filter(each => each.id !== workflow.id),
    }));
    onOpen(next.id);
    tellEdit(
      editor,
      t("Deleted %{workflow} with %{steps}", {
        workflow: workflow.name || workflow.id,
        steps: counted(workflow.steps.length, "step"),
      }),
      callers.length > 0
        ? t("It is missing now in %{callers}.", {
            callers: callers.map(each => each.name || each.id).join(", "),
          })
        : undefined,
    );
  };
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-line border-b bg-surface px-2">
      <Menu
        align="start"
        trigger={
          <Button dense look="quiet" className="min-w-0">
            <span className="max-w-40 truncate" dir="auto">
              {workflow.name || workflow.id}
            </span>
            <ChevronDown aria-hidden="true" size={16} />
          </Button>
        }
      >
        {workflows.map(each => (
          <MenuItem key={each.id} onSelect={() => onOpen(each.id)}>
            {`${each.name || each.id}${each.primary ? t(" (starts)") : ""}`}
          </MenuItem>
        ))}
        {edits && (
          <>
            <MenuLine />
            <MenuItem icon={Plus} onSelect={() => setNaming("new")}>
              {t("New workflow")}
            </MenuItem>
            <MenuItem onSelect={() => setNaming("rename")}>{t("Rename workflow")}</MenuItem>
            <MenuItem
              icon={Trash2}
              danger
              disabled={workflows.length < 2 || Boolean(workflow.primary)}
              onSelect={remove}
            >
              {t("Delete workflow")}
            </MenuItem>
          </>
        )}
      </Menu>
      <PartsMenu editor={editor} projectId={props.projectId} home={false} />
      <span className="flex-1" />
      {edits && <IconButton dense icon={Plus} label={t("Add step")} shortcut="a" onClick={props.onAdd} />}
      <IconButton dense icon={Search} label={t("Find step")} shortcut="mod+f" onClick={props.onFind} />
      <IconButton
        dense
        className="max-md:hidden"
        icon={ListTree}
        label={t("Outline")}
        shortcut="o"
        onClick={props.onOutline}
      />
      {edits && (
        <IconButton
          dense
          className="max-md:hidden"
          icon={LayoutGrid}
          label={t("Tidy")}
          shortcut="l"
          onClick={props.onTidy}
        />
      )}
      <UndoButtons editor={editor} history={props.history} />
      {naming && (
        <Naming
          title={naming === "new" ? t("New workflow") : t("Rename workflow")}
          name={naming === "new" ? "" : workflow.name}
          onClose={() => setNaming(undefined)}
          onName={name => {
            setNaming(undefined);
            if (naming === "new") add(name);
            else rename(name);
          }}
        />
      )}
    </div>
  );
}

interface NamingProps {
  readonly title: string;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}

function Naming({ title, name, onName, onClose }: NamingProps) {
  const [text, setText] = useState(name);
  return (
    <FormDialog
      title={title}
      act={title}
      busy={false}
      ready={text.trim() !== ""}
      onSubmit={() => onName(text.trim())}
      onClose={onClose}
    >
      <Field label={t("Name")}>
        <Input
          value={text}
          maxLength={128}
          autoFocus
          dir="auto"
          onChange={event => setText(event.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}
