import { Button, IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { FormDialog } from "@ui/form-dialog";
import { t } from "@ui/words";
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceAround,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceAround,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Edge } from "../editing/placed";

const EDGES = [
  { edge: "left", label: t("Align left"), icon: AlignStartVertical },
  { edge: "middle", label: t("Align centres"), icon: AlignCenterVertical },
  { edge: "right", label: t("Align right"), icon: AlignEndVertical },
  { edge: "top", label: t("Align top"), icon: AlignStartHorizontal },
  { edge: "centre", label: t("Align middles"), icon: AlignCenterHorizontal },
  { edge: "bottom", label: t("Align bottom"), icon: AlignEndHorizontal },
] as const satisfies readonly { edge: Edge; label: string; icon: unknown }[];

export interface SelectionProps {
  /** What is chosen, counted. */
  readonly what: string;
  /** How many of it are steps: notes are in no order, and run nowhere. */
  readonly steps: number;
  readonly onAlign: (edge: Edge) => void;
  readonly onDistribute: (axis: "x" | "y") => void;
  /** Answers with why it cannot be. */
  readonly onGroup: (name: string) => string | undefined;
  readonly onFrame: () => void;
  readonly onDownstream: () => void;
  readonly onDuplicate: () => void;
  readonly onCopy: () => void;
  readonly onTidy: () => void;
  readonly onDelete: () => void;
  /** What else they have in common. */
  readonly children?: ReactNode;
}

/** What can be done with several steps and notes at once. */
export function Selection(props: SelectionProps) {
  const { what, steps, onAlign, onDistribute, onGroup, onFrame, onDownstream } = props;
  const { onDuplicate, onCopy, onTidy, onDelete } = props;
  const [naming, setNaming] = useState(false);
  return (
    <div className="flex flex-col gap-3 p-4">
      <h2 className="font-semibold text-lead">{what}</h2>
      <div className="flex flex-wrap gap-1">
        {EDGES.map(({ edge, label, icon }) => (
          <IconButton key={edge} dense icon={icon} label={label} onClick={() => onAlign(edge)} />
        ))}
        <IconButton
          dense
          icon={AlignHorizontalSpaceAround}
          label={t("Distribute across")}
          onClick={() => onDistribute("x")}
        />
        <IconButton
          dense
          icon={AlignVerticalSpaceAround}
          label={t("Distribute down")}
          onClick={() => onDistribute("y")}
        />
      </div>
      <div className="flex flex-wrap gap-2">
        {steps > 0 && (
          <>
            <Button dense onClick={() => setNaming(true)}>
              {t("Group into workflow")}
            </Button>
            <Button dense onClick={onDownstream}>
              {t("Select downstream")}
            </Button>
          </>
        )}
        <Button dense onClick={onFrame}>
          {t("Add frame")}
        </Button>
        {steps > 1 && (
          <Button dense onClick={onTidy}>
            {t("Tidy steps")}
          </Button>
        )}
        <Button dense onClick={onDuplicate}>
          {t("Duplicate %{what}", { what })}
        </Button>
        <Button dense onClick={onCopy}>
          {t("Copy %{what}", { what })}
        </Button>
        <Button dense look="danger" onClick={onDelete}>
          {t("Delete %{what}", { what })}
        </Button>
      </div>
      {props.children}
      {naming && <Group onGroup={onGroup} onClose={() => setNaming(false)} />}
    </div>
  );
}

function Group({ onGroup, onClose }: Pick<SelectionProps, "onGroup"> & { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState<string>();
  const submit = () => {
    const why = onGroup(name.trim());
    setWrong(why);
    if (!why) onClose();
  };
  return (
    <FormDialog
      title={t("Group into workflow")}
      description={t("The steps go into a workflow of their own, and a step in their place calls it.")}
      act={t("Group into workflow")}
      busy={false}
      ready={name.trim() !== ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t("Name")} error={wrong}>
        <Input
          autoFocus
          value={name}
          maxLength={128}
          dir="auto"
          onChange={event => setName(event.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}
