import { Button } from "@ui/button";
import { Popover } from "@ui/popover";
import { counted } from "@ui/time";
import { type Editor, waiting } from "./editor";

const WORDS = {
  saved: "Saved",
  saving: "Saving",
  waiting: "Saving",
} as const;

/** Whether what was edited is safe on the server. */
export function SaveState({ editor }: { readonly editor: Editor }) {
  const save = editor(state => state.save);
  const left = editor(state => (state.save.kind === "offline" ? waiting(state) : 0));
  if (save.kind === "failed") {
    return (
      <Popover
        title="Not saved"
        trigger={
          <Button dense look="danger">
            Not saved
          </Button>
        }
      >
        <p className="text-body">{save.message}</p>
        <p className="mt-2 text-caption text-text-2">
          Your changes are kept here. Undo the last one, or mend it.
        </p>
      </Popover>
    );
  }
  return (
    <span role="status" className="whitespace-nowrap text-caption text-text-2 max-sm:sr-only">
      {save.kind === "offline" ? `Offline: ${counted(left, "change")} kept here` : WORDS[save.kind]}
    </span>
  );
}
