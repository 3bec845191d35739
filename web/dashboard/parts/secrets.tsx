import { type ApiError, api } from "@client/api";
import { fromServer } from "@dashboard/data/filled";
import type { ProjectDocument } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { useShapes } from "@dashboard/data/schema";
import { deleteLater, useKept } from "@dashboard/delete-later";
import type { Editor } from "@dashboard/editing/editor";
import { useMutation } from "@tanstack/react-query";
import { Button, IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { Select } from "@ui/select";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { ListAndEditor } from "./list-and-editor";
import { NoParts } from "./no-parts";
import type { PartsEditorProps } from "./parts-editor";
import { UsedIn } from "./used-in";
import { countedUses, usesOf } from "./uses";

/** The item of the list that is not there yet; no name begins so. */
const NEW = "+";
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;
const ENVIRONMENTS = [
  { value: "", label: t("Everywhere") },
  { value: "development", label: t("The draft only") },
  { value: "production", label: t("Production only") },
];

/** Names of secrets, and values that can be set and never read. They are no part of undo: the server keeps them apart. */
export function Secrets({ editor, projectId, item, onItem, onUse }: PartsEditorProps) {
  const document = editor(state => state.document);
  const all = document.secrets.map(each => ({ ...each, id: `secret/${projectId}/${each.name}` }));
  const secrets = useKept(all);
  const open = item === NEW ? undefined : (secrets.find(each => each.name === item) ?? secrets[0]);
  const shapes = useShapes();
  const uses = open ? usesOf(document, "secrets", open.name, shapes) : [];
  const edits = useMay("edit");
  const remove = () => {
    if (!open) return;
    onItem(undefined);
    deleteLater({
      id: open.id,
      title: uses.length
        ? t("%{name} deleted. %{countedUses}.", { name: open.name, countedUses: countedUses(uses) })
        : t("%{name} deleted", { name: open.name }),
      send: () => save(editor, { name: open.name, value: null }),
    });
  };
  if (!open && item !== NEW) {
    return <NoParts kind="secrets" projectId={projectId} onAdd={() => onItem(NEW)} />;
  }
  return (
    <ListAndEditor
      label={t("Secrets")}
      one={t("secret")}
      openId={item === NEW ? NEW : item === undefined ? undefined : open?.name}
      onOpen={onItem}
      onAdd={() => onItem(NEW)}
      items={secrets.map(each => ({ id: each.name, label: each.name, hint: t("Value set") }))}
    >
      {open ? (
        <>
          <header className="flex items-center gap-2">
            <h2 className="min-w-0 flex-1 truncate font-mono font-semibold text-lead">{open.name}</h2>
            {edits && <IconButton icon={Trash2} label={t("Delete secret")} onClick={remove} />}
          </header>
          <UsedIn uses={uses} onUse={onUse} />
        </>
      ) : (
        <h2 className="font-semibold text-lead">{t("New secret")}</h2>
      )}
      {edits && <SecretForm key={open?.name ?? NEW} editor={editor} name={open?.name} onSaved={onItem} />}
    </ListAndEditor>
  );
}

interface Entry {
  readonly name: string;
  readonly value: string | null;
  readonly environment?: string;
}

/** Sets or removes a value on the server, and takes in the document that it then has. */
async function save(editor: Editor, entry: Entry): Promise<void> {
  const { data, response } = await api.PATCH("/api/v1/projects/{projectId}", {
    params: { path: { projectId: editor.getState().projectId } },
    body: { secrets: [entry] } as never,
  });
  editor.getState().take(fromServer(data as ProjectDocument), response.headers.get("ETag") ?? "");
}

function SecretForm({
  editor,
  name,
  onSaved,
}: {
  readonly editor: Editor;
  /** `undefined`: it is a new one. */
  readonly name: string | undefined;
  readonly onSaved: (name: string) => void;
}) {
  const [newName, setNewName] = useState("");
  const [value, setValue] = useState("");
  const [environment, setEnvironment] = useState("");
  const named = name ?? newName.trim();
  const saving = useMutation({
    meta: { quiet: true },
    mutationFn: () => save(editor, { name: named, value, ...(environment && { environment }) }),
    onSuccess: () => {
      setValue("");
      toast(t("Saved %{named}", { named }));
      onSaved(named);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value && NAME.test(named)) saving.mutate();
  };
  const wrongName =
    newName && !NAME.test(newName.trim()) ? t("Letters, digits and _, and no digit first.") : undefined;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" autoComplete="off">
      {name === undefined && (
        <Field label={t("Name")} hint={t("Tools reach it as {{secrets.NAME}}.")} error={wrongName}>
          <Input
            value={newName}
            maxLength={200}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-dense"
            onChange={event => setNewName(event.currentTarget.value)}
          />
        </Field>
      )}
      <Field
        label={name === undefined ? t("Value") : t("New value")}
        hint={t("Kept encrypted, and never shown again.")}
        error={saving.error ? (saving.error as unknown as ApiError).message : undefined}
      >
        <Input
          type="password"
          value={value}
          maxLength={32_768}
          autoComplete="new-password"
          onChange={event => setValue(event.currentTarget.value)}
        />
      </Field>
      <Field
        label={t("Where it holds")}
        hint={t("A value for one place goes before the one for everywhere.")}
      >
        <Select value={environment} onChange={setEnvironment} options={ENVIRONMENTS} />
      </Field>
      <div>
        <Button look="primary" type="submit" busy={saving.isPending} disabled={!value || !NAME.test(named)}>
          {name === undefined ? t("Add secret") : t("Replace value")}
        </Button>
      </div>
    </form>
  );
}
