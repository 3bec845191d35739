import { useCommands } from "@dashboard/commands";
import { isDue, type Run } from "@dashboard/data/runs";
import { targetName } from "@dashboard/data/targets";
import { NotePopover, type OpenProps } from "@dashboard/work-list/note-popover";
import { Button } from "@ui/button";
import { Field, Input } from "@ui/field";
import { Popover } from "@ui/popover";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import type { Decisions } from "./acts";
import { localTime } from "./days";
import { listed } from "./words";

interface DecidingProps {
  readonly run: Run;
  readonly decisions: Decisions;
  /** The text as it was edited; `null`: as it was written. */
  readonly text: string | null;
  readonly onEdit: () => void;
}

/** The yes, the no, and "once more": what the run's state allows. */
export function Deciding(props: DecidingProps) {
  const { run, decisions } = props;
  const { status, approval } = run;
  const [open, setOpen] = useState<"approve" | "reject" | "again">();
  const waits = status === "waiting";
  const planned = status === "scheduled" && !isDue(run);
  const asks = waits || status === "rejected" || (status === "failed" && !approval);
  const resends = (status === "failed" || status === "unknown") && approval !== null;
  useCommands([
    ...(waits
      ? [
          {
            id: "run-approve",
            label: t("Approve post"),
            group: t("Approvals"),
            keys: "a",
            run: () => setOpen("approve"),
          },
          { id: "run-edit", label: t("Edit text"), group: t("Approvals"), keys: "e", run: props.onEdit },
        ]
      : []),
    ...(waits || planned
      ? [
          {
            id: "run-reject",
            label: t("Reject post"),
            group: t("Approvals"),
            keys: "r",
            run: () => setOpen("reject"),
          },
        ]
      : []),
  ]);
  const of = (name: typeof open) => ({
    open: open === name,
    onOpenChange: (next: boolean) => setOpen(next ? name : undefined),
  });
  if (!waits && !asks && !resends && !planned) return null;
  return (
    <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-line border-t bg-surface px-4 py-3">
      {(waits || planned) && (
        <NotePopover
          {...of("reject")}
          title={waits ? t("Reject the post") : t("Take it back before it goes out")}
          label={t("Why")}
          hint={t("It is kept with the run, and told the workflow if it is to write again.")}
          act={waits ? t("Reject post") : t("Take back")}
          required
          {...by(decisions.reject)}
          trigger={<Button look="danger">{waits ? t("Reject") : t("Take back")}</Button>}
        />
      )}
      {asks && (
        <NotePopover
          {...of("again")}
          title={t("Have it written again")}
          label={t("What to write differently")}
          hint={t("The workflow reads it as reviewNote.")}
          act={t("Ask again")}
          required={waits}
          {...by(decisions.again)}
          trigger={<Button>{t("Ask again")}</Button>}
        />
      )}
      {resends && (
        <Button look="primary" busy={decisions.again.isPending} onClick={() => decisions.again.mutate("")}>
          {status === "unknown" ? t("It is not there: send again") : t("Send again")}
        </Button>
      )}
      {waits && <Approve {...props} {...of("approve")} />}
    </footer>
  );
}

/** A decision that carries a note, as the popover takes it. */
const by = (decision: Decisions["reject"]) => ({
  busy: decision.isPending,
  error: decision.error?.message,
  onSend: (note: string, done: () => void) => decision.mutate(note, { onSuccess: done }),
});

/** Nothing leaves by one key: the first opens this, which says where it goes. */
function Approve({ run, decisions: { approve }, text, open, onOpenChange }: DecidingProps & OpenProps) {
  const [at, setAt] = useState("");
  const to = listed(run.targets.map(each => targetName(each.connector)));
  const blocked = text === null && run.problems.length > 0;
  const say = (when: Date | null) =>
    approve.mutate(
      { text, at: when },
      {
        onSuccess: () => onOpenChange(false),
      },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (at) say(new Date(at));
  };
  return (
    <Popover
      title={t("Publish to %{to}", { to })}
      open={open}
      onOpenChange={onOpenChange}
      trigger={<Button look="primary">{t("Approve")}</Button>}
    >
      <div className="flex flex-col gap-3">
        <p className="text-dense text-text-2">
          {text === null ? t("The text as it was generated.") : t("The text as you changed it.")}{" "}
          {t("Your approval is recorded with it.")}
        </p>
        {blocked && (
          <p className="text-bad text-dense">{t("It cannot go out as it is: see what its targets say.")}</p>
        )}
        {approve.error && (
          <p role="alert" className="text-bad text-dense">
            {approve.error.message}
          </p>
        )}
        <Button look="primary" disabled={blocked} busy={approve.isPending} onClick={() => say(null)}>
          {t("Publish now")}
        </Button>
        <form onSubmit={submit} className="flex flex-col gap-2 border-line border-t pt-3">
          <Field label={t("Or at")} hint={t("In this browser's time zone")}>
            <Input
              type="datetime-local"
              value={at}
              min={localTime(new Date())}
              onChange={event => setAt(event.currentTarget.value)}
            />
          </Field>
          <Button type="submit" disabled={!at || blocked} busy={approve.isPending}>
            {t("Approve and schedule")}
          </Button>
        </form>
      </div>
    </Popover>
  );
}
