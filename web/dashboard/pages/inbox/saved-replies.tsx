import { type ApiError, api, sent } from "@client/api";
import { deleteLater, useKept } from "@dashboard/delete-later";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, IconButton } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input, Textarea } from "@ui/field";
import { ErrorState } from "@ui/states";
import { t } from "@ui/words";
import { BookmarkPlus, Pencil, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { type Saved, savedQuery } from "./saved";

const BASE = "/api/v1/projects/{projectId}/saved-replies";

interface SavedRepliesProps {
  readonly projectId: string;
  /** What is being written: it can be kept. */
  readonly draft: string;
  readonly onUse: (text: string) => void;
}

/** The replies that the project has ready: used, added, changed, deleted. */
export function SavedReplies(props: SavedRepliesProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button dense look="quiet" icon={BookmarkPlus} onClick={() => setOpen(true)}>
        <span className="max-sm:sr-only">{t("Saved replies")}</span>
      </Button>
      {open && <Manage {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

type Edited = Pick<Saved, "name" | "text"> & { readonly id?: string };

function Manage({ projectId, draft, onUse, onClose }: SavedRepliesProps & { readonly onClose: () => void }) {
  const client = useQueryClient();
  const saved = useQuery(savedQuery(projectId));
  const rows = useKept(saved.data);
  const [edited, setEdited] = useState<Edited>();
  const { queryKey } = savedQuery(projectId);
  const renew = () => client.invalidateQueries({ queryKey });
  const remove = ({ id, name }: Saved) =>
    deleteLater({
      id,
      title: t("%{name} deleted", { name }),
      send: init =>
        api.DELETE(`${BASE}/{replyId}`, { params: { path: { projectId, replyId: id } }, ...init }),
      onDone: renew,
    });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={edited ? (edited.id ? t("Change saved reply") : t("New saved reply")) : t("Saved replies")}
      description={edited ? undefined : t("Type / at the beginning of a reply to find one.")}
      actions={
        !edited && (
          <Button
            look="primary"
            onClick={() => setEdited({ name: "", text: draft.startsWith("/") ? "" : draft })}
          >
            {t("Add saved reply")}
          </Button>
        )
      }
    >
      {edited ? (
        <EditSaved
          projectId={projectId}
          edited={edited}
          onDone={() => {
            setEdited(undefined);
            void renew();
          }}
          onBack={() => setEdited(undefined)}
        />
      ) : saved.isError ? (
        <ErrorState
          title={t("Could not load the saved replies.")}
          error={saved.error}
          onRetry={() => saved.refetch()}
        />
      ) : rows.length === 0 && !saved.isPending ? (
        <p className="text-body text-text-2">
          {t(
            "What people answer again and again can be ready: opening hours, an address, the way to a refund.",
          )}
        </p>
      ) : (
        <ul>
          {rows.map(each => (
            <li key={each.id} className="flex items-center gap-2 border-line border-b py-2">
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium text-body">{each.name}</p>
                <p dir="auto" title={each.text} className="line-clamp-2 text-dense text-text-2">
                  {each.text}
                </p>
              </div>
              <Button
                dense
                aria-label={t("Use %{name}", { name: each.name })}
                onClick={() => {
                  onUse(each.text);
                  onClose();
                }}
              >
                {t("Use")}
              </Button>
              <IconButton
                icon={Pencil}
                label={t("Change %{name}", { name: each.name })}
                dense
                onClick={() => setEdited(each)}
              />
              <IconButton
                icon={Trash2}
                label={t("Delete %{name}", { name: each.name })}
                dense
                onClick={() => remove(each)}
              />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function EditSaved({
  projectId,
  edited,
  onDone,
  onBack,
}: {
  readonly projectId: string;
  readonly edited: Edited;
  readonly onDone: () => void;
  readonly onBack: () => void;
}) {
  const [name, setName] = useState(edited.name);
  const [text, setText] = useState(edited.text);
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => {
      const body = { name: name.trim(), text: text.trim() };
      return edited.id
        ? sent(api.PATCH(`${BASE}/{replyId}`, { params: { path: { projectId, replyId: edited.id } }, body }))
        : sent(api.POST(BASE, { params: { path: { projectId } }, body }));
    },
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const error = save.error as ApiError | null;
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field label={t("Name")} hint={t("What it is found by")} error={error?.at("name")}>
        <Input
          autoFocus
          maxLength={100}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
      </Field>
      <Field label={t("Text")} error={error?.at("text")}>
        <Textarea
          dir="auto"
          maxLength={8000}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
      </Field>
      {error && error.details.length === 0 && (
        <p role="alert" className="text-bad text-dense">
          {error.message}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>{t("Back")}</Button>
        <Button look="primary" type="submit" busy={save.isPending} disabled={!name.trim() || !text.trim()}>
          {t("Save reply")}
        </Button>
      </div>
    </form>
  );
}
