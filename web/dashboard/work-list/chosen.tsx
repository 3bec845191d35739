import { Checkbox } from "@base-ui/react/checkbox";
import { useMutation } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Input } from "@ui/field";
import { Icon } from "@ui/icon";
import { Kbd } from "@ui/kbd";
import { counted } from "@ui/time";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { type Choices, FILTER } from "./use-work";

/** The mark by which a row is chosen; it shows where one points or is, and while any is chosen. */
export function Choice({
  id,
  name,
  work,
  className = "absolute end-1.5 bottom-1.5",
}: {
  readonly id: string;
  readonly name: string;
  readonly work: Choices;
  /** Where in its row it is. */
  readonly className?: string;
}) {
  const is = work.chosen.includes(id);
  return (
    <Checkbox.Root
      checked={is}
      onCheckedChange={() => work.choose(id)}
      aria-label={t("Choose %{name}", { name })}
      className={cx(
        "group/choice flex size-6 shrink-0 items-center justify-center rounded-tag focus-visible:opacity-100 group-hover:opacity-100 coarse:opacity-100",
        work.chosen.length === 0 && "opacity-0",
        className,
      )}
    >
      <span className="flex size-4 items-center justify-center rounded-tag border border-control bg-surface text-on-accent group-data-[checked]/choice:border-accent group-data-[checked]/choice:bg-accent">
        <Checkbox.Indicator>
          <Icon of={Check} className="size-3" />
        </Checkbox.Indicator>
      </span>
    </Checkbox.Root>
  );
}

interface HeadProps {
  /** What they are, in the plural. */
  readonly what: string;
  readonly work: Choices;
  readonly find: string;
  readonly onFind: (find: string) => void;
  /** What can be done with those that are chosen. */
  readonly children: ReactNode;
}

/** Above the list: what is looked for, or what can be done with what was chosen. */
export function WorkHead({ what, work, find, onFind, children }: HeadProps) {
  const many = work.chosen.length;
  return (
    <div className="flex min-h-12 shrink-0 flex-wrap items-center gap-1 border-line border-b px-2 py-1.5">
      {many === 0 ? (
        <span className="relative w-full">
          <Input
            id={FILTER}
            type="search"
            aria-label={t("Filter %{what}", { what })}
            placeholder={t("Filter %{what}", { what })}
            value={find}
            className="pe-9"
            onChange={event => onFind(event.currentTarget.value)}
            onKeyDown={event => {
              if (event.key !== "Escape") return;
              if (find) onFind("");
              else document.getElementById("page")?.focus();
            }}
          />
          {!find && (
            <span className="pointer-events-none absolute inset-y-0 end-2 flex items-center coarse:hidden">
              <Kbd keys="f" />
            </span>
          )}
        </span>
      ) : (
        <Chosen work={work}>{children}</Chosen>
      )}
    </div>
  );
}

/** How many are chosen, what can be done with them, and the way out. */
export function Chosen({ work, children }: { readonly work: Choices; readonly children: ReactNode }) {
  return (
    <>
      <span role="status" className="me-auto ps-1 text-dense text-text-2">
        {t("%{many} chosen", { many: work.chosen.length })}
      </span>
      {children}
      <Button dense look="quiet" onClick={work.clear}>
        {t("Clear")}
      </Button>
    </>
  );
}

/** Does the same to several, one after the other; tells of how many it did not go. `undo` is given what came of each. */
export function useEach<Value, Result>(
  one: (id: string, value: Value) => Promise<Result>,
  words: { readonly what: string; readonly done: string },
  onSettled: () => void,
  undo?: (results: readonly Result[]) => void,
) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: async ({ ids, value }: { ids: readonly string[]; value: Value }) => {
      const problems: string[] = [];
      const results: Result[] = [];
      for (const id of ids) {
        try {
          results.push(await one(id, value));
        } catch (error) {
          problems.push((error as Error).message);
        }
      }
      if (results.length > 0)
        toast(`${counted(results.length, words.what)} ${words.done}`, {
          onUndo: undo && (() => undo(results)),
        });
      if (problems.length > 0)
        toast(
          t("%{problems} not %{done}", { problems: counted(problems.length, words.what), done: words.done }),
          {
            description: problems[0],
            bad: true,
          },
        );
    },
    onSettled,
  });
}
