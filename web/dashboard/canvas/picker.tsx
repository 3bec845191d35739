import { Dialog } from "@ui/dialog";
import { PickList, type PickListProps } from "./pick-list";

export type PickerProps = Omit<PickListProps, "tall" | "onWalk" | "onFound"> & {
  readonly onClose: () => void;
};

/** One of many, found by typing: the step to connect to. */
export function Picker({ onClose, ...list }: PickerProps) {
  return (
    <Dialog title={list.title} open onClose={onClose}>
      <PickList {...list} />
    </Dialog>
  );
}
