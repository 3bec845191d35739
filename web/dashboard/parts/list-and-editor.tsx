import { useCommands } from "@dashboard/commands";
import { useMay } from "@dashboard/data/roles";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Fieldset } from "@ui/fieldset";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { ArrowLeft, CircleAlert, Plus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

export interface ListItem {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly problem?: "error" | "warning";
}

export interface ListAndEditorProps {
  /** What the items are: "Tools". */
  readonly label: string;
  readonly one: string;
  readonly items: readonly ListItem[];
  /** The item that is open; it stands in the address. */
  readonly openId: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
  readonly onAdd: () => void;
  /** What stands above the form, as wide as there is room. */
  readonly above?: ReactNode;
  /** The form of what is open. */
  readonly children: ReactNode;
}

/** A list and what is open of it beside each other; on a narrow screen one after the other. */
export function ListAndEditor(props: ListAndEditorProps) {
  const { label, one, items, openId, onOpen, onAdd, above, children } = props;
  const edits = useMay("edit");
  const current = openId ?? items[0]?.id;
  const walk = (by: number) => {
    const next = items[items.findIndex(each => each.id === current) + by];
    if (next) onOpen(next.id);
  };
  useCommands([
    { id: "next-part", label: t("Next %{one}", { one }), group: t("Build"), keys: "j", run: () => walk(1) },
    {
      id: "previous-part",
      label: t("Previous %{one}", { one }),
      group: t("Build"),
      keys: "k",
      run: () => walk(-1),
    },
  ]);
  return (
    <div className="flex h-full min-h-0">
      <nav
        aria-label={label}
        className={cx(
          "flex w-64 shrink-0 flex-col overflow-y-auto border-line border-e bg-surface p-2 max-md:w-full max-md:border-0",
          openId !== undefined && "max-md:hidden",
        )}
      >
        <ul className="flex flex-col gap-px">
          {items.map(item => (
            <li key={item.id}>
              <button
                type="button"
                aria-current={item.id === current ? "true" : undefined}
                onClick={() => onOpen(item.id)}
                className={cx(
                  "flex w-full items-start gap-2 rounded-control px-2 py-1.5 text-start hover:bg-hover",
                  item.id === current && "md:bg-hover",
                )}
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium text-dense" title={item.label} dir="auto">
                    {item.label}
                  </span>
                  {item.hint && (
                    <span className="block truncate text-caption text-text-2" dir="auto">
                      {item.hint}
                    </span>
                  )}
                </span>
                {item.problem && (
                  <>
                    <Icon
                      of={item.problem === "error" ? CircleAlert : TriangleAlert}
                      className={cx("mt-0.5", item.problem === "error" ? "text-bad" : "text-warn")}
                    />
                    <span className="sr-only">{t(", has a problem")}</span>
                  </>
                )}
              </button>
            </li>
          ))}
        </ul>
        {edits && (
          <div className="mt-2">
            <Button dense icon={Plus} onClick={onAdd}>
              {t("Add %{one}", { one })}
            </Button>
          </div>
        )}
      </nav>
      <div className={cx("flex min-w-0 flex-1 flex-col", openId === undefined && "max-md:hidden")}>
        {above}
        <div className="relative min-h-0 flex-1 overflow-y-auto">
          <div className="flex max-w-2xl flex-col gap-4 p-4">
            <div className="md:hidden">
              <Button dense look="quiet" icon={ArrowLeft} onClick={() => onOpen(undefined)}>
                {label}
              </Button>
            </div>
            <Fieldset disabled={!edits}>{children}</Fieldset>
          </div>
        </div>
      </div>
    </div>
  );
}
