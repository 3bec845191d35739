import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, IconButton } from "@ui/button";
import { copyText } from "@ui/copy-button";
import { cx } from "@ui/cx";
import { CONTROL } from "@ui/field";
import { Menu, MenuItem, MenuLine } from "@ui/menu";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { Ellipsis, FlaskConical, Link2, Pencil, RefreshCw, Terminal } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { addTest, curlOf, linkTo } from "./share";
import type { Taken } from "./use-conversation";

export interface SaidActionsProps {
  readonly projectId: string;
  readonly versionId: string;
  readonly turn: Taken;
  readonly busy: boolean;
  readonly onEdit: () => void;
  readonly onRetry: () => void;
}

/** What can be done with a turn that the user took: taken anew, in other words, or shown to somebody. */
export function SaidActions({ projectId, versionId, turn, busy, onEdit, onRetry }: SaidActionsProps) {
  const client = useQueryClient();
  const go = useNavigate();
  const copied = async (text: string, what: string, description?: string) => {
    if (await copyText(text)) toast(what, { description });
  };
  const share = useMutation({
    mutationFn: () => linkTo(client, projectId, turn),
    onSuccess: link => copied(link, t("Link copied"), t("It opens this conversation at this turn.")),
  });
  const keep = useMutation({
    mutationFn: () => addTest(client, projectId, turn),
    onSuccess: test =>
      toast(t("Test added"), {
        description: t("It is called %{value}.", { value: test.name || test.id }),
        action: {
          label: t("Open test"),
          onPress: () =>
            go({ to: "/p/$projectId/test", params: { projectId }, search: { view: "tests", item: test.id } }),
        },
      }),
  });
  return (
    <Menu trigger={<IconButton dense icon={Ellipsis} label={t("Turn")} />}>
      <MenuItem icon={Pencil} disabled={busy} onSelect={onEdit}>
        {t("Edit and branch")}
      </MenuItem>
      <MenuItem icon={RefreshCw} disabled={busy} onSelect={onRetry}>
        {t("Retry from here")}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={Link2} onSelect={() => share.mutate()}>
        {t("Copy link to turn")}
      </MenuItem>
      <MenuItem
        icon={Terminal}
        onSelect={() =>
          copied(
            curlOf(projectId, versionId, turn),
            t("Copied as curl"),
            t("It takes a developer token from CONDUET_TOKEN."),
          )
        }
      >
        {t("Copy as curl")}
      </MenuItem>
      <MenuItem icon={FlaskConical} onSelect={() => keep.mutate()}>
        {t("Add conversation to tests")}
      </MenuItem>
    </Menu>
  );
}

/** Other words in place of what was said. */
export function EditSaid({
  text,
  onCancel,
  onSay,
}: {
  readonly text: string;
  readonly onCancel: () => void;
  readonly onSay: (words: string) => void;
}) {
  const [words, setWords] = useState(text);
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      onCancel();
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (words.trim()) onSay(words.trim());
    }
  };
  return (
    <div className="flex w-full flex-col gap-2 self-end rounded-panel border border-line p-2">
      <textarea
        // biome-ignore lint/a11y/noAutofocus: somebody asked to write here
        autoFocus
        aria-label={t("Other words")}
        dir="auto"
        rows={1}
        value={words}
        onChange={event => setWords(event.currentTarget.value)}
        onKeyDown={press}
        className={cx(CONTROL, "field-sizing-content max-h-32 min-h-8 resize-none px-2.5 py-1.5")}
      />
      <div className="flex justify-end gap-2">
        <Button dense onClick={onCancel}>
          {t("Cancel")}
        </Button>
        <Button dense look="primary" disabled={!words.trim()} onClick={() => onSay(words.trim())}>
          {t("Send as branch")}
        </Button>
      </div>
    </div>
  );
}
