import { useMay } from "@dashboard/data/roles";
import { Button, IconButton } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input } from "@ui/field";
import { Menu, MenuItem, MenuLine } from "@ui/menu";
import { t } from "@ui/words";
import { ChevronDown, LayoutGrid, ListTree, Plus, Redo2, Search, Trash2, Undo2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Editor } from "../editing/editor";
import { newId, type Workflow } from "../editing/flow";
import { PartsMenu } from "../parts/parts-menu";

export interface WorkflowBarProps {
  readonly editor: Editor;
  readonly workflow: Workflow;
  readonly projectId: string;
  readonly onOpen: (workflowId: string) => void;
  readonly onAdd: () => void;
  readonly onFind: () => void;
  readonly onOutline: () => void;
  readonly onTidy: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** Which workflow is drawn, and what can be done with all of it. */
export function WorkflowBar(props: WorkflowBarProps) {
  const { editor, workflow, onOpen } = props;
  const edits = useMay("edit");
  const workflows = editor(state => state.document.workflows);
  const canUndo = editor(state => state.done.length > 0);
  const canRedo = editor(state => state.undone.length > 0);
  const [naming, setNaming] = useState<"new" | "rename">();
  const edit = editor(state => state.edit);
  const add = (name: string) => {
    const id = newId("wf");
    const start = { id: newId("step"), type: "start", config: {}, position: { x: 0, y: 0 } };
    edit(t("Add workflow"), document => ({
      ...document,
      workflows: [...document.workflows, { id, name, steps: [start], connections: [] } as Workflow],
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
    edit(t("Delete workflow"), document => ({
      ...document,
      workflows: document.workflows.filter(each => each.id !== workflow.id),
    }));
    onOpen(next.id);
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
        <>
          <IconButton
            dense
            className="max-md:hidden"
            icon={LayoutGrid}
            label={t("Tidy")}
            shortcut="l"
            onClick={props.onTidy}
          />
          <IconButton
            dense
            icon={Undo2}
            label={t("Undo")}
            shortcut="mod+z"
            disabled={!canUndo}
            onClick={props.onUndo}
          />
          <IconButton
            dense
            icon={Redo2}
            label={t("Redo")}
            shortcut="shift+mod+z"
            disabled={!canRedo}
            onClick={props.onRedo}
          />
        </>
      )}
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

function Naming({
  title,
  name,
  onName,
  onClose,
}: {
  readonly title: string;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) onName(text.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <Button look="primary" type="submit" form="workflow-name" disabled={!text.trim()}>
          {title}
        </Button>
      }
    >
      <form id="workflow-name" onSubmit={submit}>
        <Field label={t("Name")}>
          <Input
            value={text}
            maxLength={128}
            autoFocus
            dir="auto"
            onChange={event => setText(event.currentTarget.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
