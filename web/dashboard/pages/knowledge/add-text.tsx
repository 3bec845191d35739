import { ApiError } from "@client/api";
import { useMutation } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input, Textarea } from "@ui/field";
import { t } from "@ui/words";
import { type FormEvent, useId, useState } from "react";
import { addText } from "./data";

export interface AddTextProps {
  readonly projectId: string;
  readonly open: boolean;
  /** The question that the text answers. */
  readonly question?: string;
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** A document that is written here. */
export function AddText({ projectId, open, question, onClose, onAdded }: AddTextProps) {
  const form = useId();
  const [name, setName] = useState(question?.slice(0, 300) ?? "");
  const [content, setContent] = useState(question ? `# ${question}\n\n` : "");
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: () => addText(projectId, { name: name.trim(), content }),
    onSuccess: () => {
      setName("");
      setContent("");
      onAdded();
      onClose();
    },
  });
  const error = add.error instanceof ApiError ? add.error : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Dialog
      open={open}
      wide
      onClose={onClose}
      title={question ? t("Add an answer") : t("Write a text")}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            look="primary"
            type="submit"
            form={form}
            busy={add.isPending}
            disabled={!name.trim() || !content.trim()}
          >
            {t("Add document")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label={t("Name")}
          hint={t("With the name of another document it takes its place.")}
          error={error?.at("name")}
        >
          <Input value={name} onChange={event => setName(event.target.value)} maxLength={300} dir="auto" />
        </Field>
        <Field
          label={t("Text")}
          hint={t("Markdown; headings say what a part is about.")}
          error={error && !error.at("name") ? error.message : undefined}
        >
          <Textarea value={content} onChange={event => setContent(event.target.value)} rows={12} dir="auto" />
        </Field>
      </form>
    </Dialog>
  );
}
