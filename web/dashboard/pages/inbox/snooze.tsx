import { useCommands } from "@dashboard/commands";
import { Button, IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { Popover } from "@ui/popover";
import { t } from "@ui/words";
import { AlarmClock } from "lucide-react";
import { useState } from "react";
import type { Acts } from "./acts";
import { choices, localTime } from "./later";

/** Puts the conversation out of sight until then, or until the user writes. */
export function SnoozePopover({ acts }: { readonly acts: Acts }) {
  const [open, setOpen] = useState(false);
  const [own, setOwn] = useState("");
  useCommands([
    {
      id: "inbox-snooze",
      label: t("Snooze conversation"),
      group: t("Inbox"),
      keys: "h",
      run: () => setOpen(true),
    },
  ]);
  const until = (moment: Date) =>
    acts.snooze.mutate(moment, {
      onSuccess: () => {
        setOpen(false);
        setOwn("");
      },
    });
  const now = new Date();
  return (
    <Popover
      title={t("Snooze until")}
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton icon={AlarmClock} label={t("Snooze")} shortcut="h" />}
    >
      <div className="flex flex-col gap-1">
        {choices(now).map(({ label, at }) => (
          <Button key={label} look="quiet" className="justify-between!" onClick={() => until(at)}>
            {label}
            <span className="font-normal text-caption text-text-3">
              {at.toLocaleString("en", { weekday: "short", hour: "numeric", minute: "2-digit" })}
            </span>
          </Button>
        ))}
      </div>
      <form
        className="mt-2 flex items-end gap-2 border-line border-t pt-3"
        onSubmit={event => {
          event.preventDefault();
          if (own) until(new Date(own));
        }}
      >
        <Field label={t("Another time")} className="flex-1">
          <Input
            type="datetime-local"
            value={own}
            min={localTime(now)}
            onChange={event => setOwn(event.currentTarget.value)}
          />
        </Field>
        <Button type="submit" disabled={!own} busy={acts.snooze.isPending}>
          {t("Snooze")}
        </Button>
      </form>
      <p className="mt-2 text-caption text-text-2">{t("It comes back before, if the user writes.")}</p>
    </Popover>
  );
}
