import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, IconButton } from "@ui/button";
import { Field, Textarea } from "@ui/field";
import { Popover } from "@ui/popover";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { ThumbsDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import { rateTurn } from "./data";
import type { TurnActionsProps } from "./turn-actions";

/** Rates the answer of a turn as wrong, as its reader can: the filter finds it, and the figures count it. */
export function MarkWrong({ projectId, transcript, turn, number }: TurnActionsProps) {
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const rate = useMutation({
    mutationFn: (rating: "down" | null) =>
      rateTurn(projectId, transcript.userId, turn, { rating, comment: (rating && why.trim()) || null }),
    onSuccess: (_, rating) => {
      setOpen(false);
      if (rating) toast(t("Answer marked as wrong"), { onUndo: () => rate.mutate(null) });
      return Promise.all(
        ["transcript", "transcripts"].map(each =>
          queryClient.invalidateQueries({ queryKey: ["project", projectId, each] }),
        ),
      );
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rate.mutate("down");
  };
  return (
    <Popover
      title={t("Mark wrong answer")}
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <IconButton dense icon={ThumbsDown} label={t("Mark wrong answer of turn %{number}", { number })} />
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t("What is wrong with it")} hint={t("Stands beside the answer; may be left empty.")}>
          <Textarea
            value={why}
            onChange={event => setWhy(event.target.value)}
            maxLength={2000}
            rows={3}
            dir="auto"
          />
        </Field>
        <Button look="primary" type="submit" busy={rate.isPending}>
          {t("Mark as wrong")}
        </Button>
      </form>
    </Popover>
  );
}
