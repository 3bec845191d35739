import { errorIn } from "@dashboard/editing/use-errors";
import { Button, IconButton } from "@ui/button";
import { Switch } from "@ui/choice";
import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Copy, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useId, useRef, useState } from "react";
import { ActionFields } from "./action-fields";
import { ExpectationFields, type ExpectationFieldsProps } from "./expectation-fields";
import { type Expectation, ofKind, type Turn, withField } from "./shapes";
import { ValuesField } from "./value-input";

export interface TurnCardProps {
  readonly turn: Turn;
  /** Counted from 1. */
  readonly number: number;
  readonly last: boolean;
  readonly path: string;
  readonly errors: ReadonlyMap<string, string>;
  readonly steps: ExpectationFieldsProps["steps"];
  /** What was not as expected in it. */
  readonly difference: ReactNode;
  /** `field`: what of it is being edited. */
  readonly onChange: (turn: Turn, field: string) => void;
  readonly onMove: (by: number) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
}

/** A turn of a test: what the person does, and what must come of it. */
export function TurnCard(props: TurnCardProps) {
  const { turn, number, path, errors, difference, onChange } = props;
  const expected = turn.expect ?? [];
  const box = useRef<HTMLLIElement>(null);
  const title = useId();
  const put = (next: readonly Expectation[], field: string) =>
    onChange(withField(turn, "expect", next.length > 0 ? next : undefined), field);
  const add = () => {
    put([...expected, ofKind("contains")], "expect");
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>("ol > li:last-child input:not([aria-hidden])")?.focus(),
    );
  };
  const remove = (index: number) => {
    put(
      expected.filter((_, at) => at !== index),
      "expect",
    );
    box.current?.querySelector<HTMLElement>("[data-add]")?.focus();
  };
  return (
    <li
      ref={box}
      id={`turn-${number}`}
      aria-labelledby={title}
      className={cx(
        "flex min-w-0 flex-col gap-3 rounded-card border p-3",
        difference ? "border-bad" : "border-line",
      )}
    >
      <Head {...props} title={title} />
      <ActionFields
        turn={turn}
        path={`${path}.action`}
        errors={errors}
        onChange={action => onChange({ ...turn, action }, "action")}
      />
      {expected.length > 0 && (
        <ol aria-label={t("Expectations of turn %{number}", { number })} className="flex flex-col gap-3">
          {expected.map((each, index) => (
            <ExpectationFields
              // biome-ignore lint/suspicious/noArrayIndexKey: an expectation has nothing else to be known by
              key={index}
              expectation={each}
              number={index + 1}
              path={`${path}.expect[${index}]`}
              errors={errors}
              steps={props.steps}
              onChange={next => put(expected.with(index, next), `expect.${index}`)}
              onRemove={() => remove(index)}
            />
          ))}
        </ol>
      )}
      {errors.get(`${path}.expect`) && (
        <p className="text-bad text-caption">{errors.get(`${path}.expect`)}</p>
      )}
      {difference}
      <div>
        <Button dense data-add icon={Plus} onClick={add}>
          {t("Add expectation")}
        </Button>
      </div>
      <More {...props} />
    </li>
  );
}

function Head({
  title,
  number,
  last,
  onMove,
  onDuplicate,
  onRemove,
}: TurnCardProps & { readonly title: string }) {
  return (
    <div className="flex items-center gap-1">
      <h3 id={title} className="flex-1 font-medium text-dense">
        {t("Turn %{number}", { number })}
      </h3>
      <IconButton
        dense
        icon={ArrowUp}
        label={t("Move turn %{number} up", { number })}
        disabled={number === 1}
        onClick={() => onMove(-1)}
      />
      <IconButton
        dense
        icon={ArrowDown}
        label={t("Move turn %{number} down", { number })}
        disabled={last}
        onClick={() => onMove(1)}
      />
      <IconButton dense icon={Copy} label={t("Duplicate turn %{number}", { number })} onClick={onDuplicate} />
      <IconButton dense icon={Trash2} label={t("Remove turn %{number}", { number })} onClick={onRemove} />
    </div>
  );
}

/** What happened before the turn, and what the world answered when it was recorded. */
function More({ turn, path, errors, onChange }: TurnCardProps) {
  const recorded = Object.keys(turn.journal ?? {}).length;
  const wrong = errorIn(errors, `${path}.variables`) ?? errorIn(errors, `${path}.journal`);
  const [open, setOpen] = useState(
    turn.handedBack === true || Object.keys(turn.variables ?? {}).length > 0 || wrong !== undefined,
  );
  return (
    <div className="flex flex-col gap-3">
      <div>
        <Button look="quiet" dense aria-expanded={open} className="-ms-2" onClick={() => setOpen(is => !is)}>
          <Icon of={open ? ChevronDown : ChevronRight} />
          {t("Before the turn")}
        </Button>
      </div>
      {open && (
        <>
          <Switch
            label={t("A person hands the conversation back to the agent")}
            checked={turn.handedBack === true}
            onChange={on => onChange(withField(turn, "handedBack", on || undefined), "handedBack")}
          />
          <ValuesField
            label={t("Variables that are set")}
            hint={t("As a page or another system sets them from outside.")}
            value={turn.variables}
            error={wrong}
            onChange={variables => onChange(withField(turn, "variables", variables), "variables")}
          />
          {recorded > 0 && (
            <p className="flex flex-wrap items-center gap-2 text-caption text-text-2">
              {t("Clock, chance and the world answer as they did when it was recorded.")}
              <Button
                dense
                look="quiet"
                onClick={() => onChange(withField(turn, "journal", undefined), "journal")}
              >
                {t("Forget what was recorded")}
              </Button>
            </p>
          )}
        </>
      )}
    </div>
  );
}
