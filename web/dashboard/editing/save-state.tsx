import { Button } from "@ui/button";
import { Popover } from "@ui/popover";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { type Editor, waiting } from "./editor";

const WORDS = {
  saved: t("Saved"),
  saving: t("Saving"),
  waiting: t("Saving"),
} as const;

/** Whether what was edited is safe on the server. */
export function SaveState({ editor }: { readonly editor: Editor }) {
  const save = editor(state => state.save);
  const left = editor(state => (state.save.kind in WORDS ? 0 : waiting(state)));
  if (save.kind === "failed") {
    return (
      <Popover
        title={t("Not saved")}
        trigger={
          <Button dense look="danger">
            {t("Not saved")}
          </Button>
        }
      >
        <p className="text-body">{save.message}</p>
        <p className="mt-2 text-caption text-text-2">
          {t("Your changes are kept here. Undo the last one, or mend it.")}
        </p>
      </Popover>
    );
  }
  return (
    <span role="status" className="whitespace-nowrap text-caption text-text-2 max-sm:sr-only">
      {save.kind === "offline"
        ? t("Offline: %{left} kept here", { left: counted(left, "change") })
        : save.kind === "signed-out"
          ? t("Signed out: %{left} kept here", { left: counted(left, "change") })
          : WORDS[save.kind]}
    </span>
  );
}
