import { useCommands } from "@dashboard/commands";
import type { Entry } from "@dashboard/data/inbox";
import { useNames } from "@dashboard/data/names";
import { Called } from "@dashboard/work-list/list";
import { NotePopover } from "@dashboard/work-list/note-popover";
import { Button, IconButton } from "@ui/button";
import { Menu, MenuItem, MenuLine } from "@ui/menu";
import { t } from "@ui/words";
import { CornerUpLeft, PanelRight, UserPlus } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import type { Acts } from "./acts";
import { useAnswering, type useMe } from "./me";
import { Who } from "./queues";
import { SnoozePopover } from "./snooze";

interface HeadProps {
  readonly projectId: string;
  readonly entry: Entry;
  readonly acts: Acts;
  readonly me: ReturnType<typeof useMe>;
  readonly details: boolean;
  readonly onDetails: () => void;
  readonly back: ReactNode;
}

/** Whose conversation it is, who has it, and what can be done with it. */
export function Head({ projectId, entry, acts, me, details, onDetails, back }: HeadProps) {
  const name = useNames(
    projectId,
    useMemo(() => [entry.userId], [entry.userId]),
  ).get(entry.userId);
  useCommands([
    { id: "inspector", label: t("Show or hide details"), group: t("Inbox"), keys: "mod+.", run: onDetails },
  ]);
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b bg-surface px-3 py-2">
      <div className="min-w-0 flex-1 basis-40">
        {back}
        <h2 dir="auto" title={entry.userId} className="truncate font-semibold text-lead">
          <Called id={entry.userId} name={name} />
        </h2>
        <p role="status" className="flex flex-wrap gap-1">
          <Who entry={entry} me={me.id} />
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-1">
        {me.answers && <Doing entry={entry} acts={acts} me={me.id} />}
        <IconButton
          icon={PanelRight}
          label={details ? t("Hide details") : t("Show details")}
          shortcut="mod+."
          aria-expanded={details}
          onClick={onDetails}
        />
      </div>
    </header>
  );
}

function Doing({
  entry,
  acts,
  me,
}: {
  readonly entry: Entry;
  readonly acts: Acts;
  readonly me: string | null;
}) {
  const { status, member } = entry;
  const open = status === "waiting" || status === "taken";
  const resolve = () => open && !acts.resolve.isPending && acts.resolve.mutate();
  useCommands([
    { id: "inbox-resolve", label: t("Resolve conversation"), group: t("Inbox"), keys: "e", run: resolve },
  ]);
  const taking = status !== "taken";
  return (
    <>
      {taking && (
        <Button
          dense
          look={status === "waiting" ? "primary" : "secondary"}
          busy={acts.take.isPending}
          onClick={() => acts.take.mutate()}
        >
          {t("Take conversation")}
        </Button>
      )}
      {open && (
        <>
          {status === "taken" && <HandBack acts={acts} mine={member?.id === me} />}
          <Button dense busy={acts.resolve.isPending} onClick={resolve}>
            {t("Resolve")}
          </Button>
          <SnoozePopover acts={acts} />
          <Assign entry={entry} acts={acts} me={me} />
        </>
      )}
    </>
  );
}

/** Gives it back to the agent, with a note that its models read. */
function HandBack({ acts, mine }: { readonly acts: Acts; readonly mine: boolean }) {
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: "inbox-hand-back",
      label: t("Hand back to the agent"),
      group: t("Inbox"),
      keys: "u",
      run: () => setOpen(true),
    },
  ]);
  return (
    <NotePopover
      open={open}
      onOpenChange={setOpen}
      title={mine ? t("Hand back to the agent") : t("Hand somebody else's conversation back to the agent")}
      label={t("Note for the agent")}
      hint={t("Its models read the note, and what was said meanwhile. The user sees neither.")}
      act={t("Hand back")}
      required={false}
      busy={acts.handBack.isPending}
      error={acts.handBack.error?.message}
      onSend={(note, done) => acts.handBack.mutate(note, { onSuccess: done })}
      trigger={
        <Button dense icon={CornerUpLeft}>
          {t("Hand back")}
        </Button>
      }
    />
  );
}

function Assign({
  entry,
  acts,
  me,
}: {
  readonly entry: Entry;
  readonly acts: Acts;
  readonly me: string | null;
}) {
  const members = useAnswering();
  const has = entry.status === "taken" ? entry.member?.id : undefined;
  return (
    <Menu trigger={<IconButton icon={UserPlus} label={t("Assign")} />}>
      {members.map(member => (
        <MenuItem key={member.id} disabled={member.id === has} onSelect={() => acts.assign.mutate(member.id)}>
          {member.id === me ? t("%{name} (you)", { name: member.name }) : member.name}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem disabled={has === undefined} onSelect={() => acts.assign.mutate(null)}>
        {t("Whoever takes it")}
      </MenuItem>
    </Menu>
  );
}
