import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef } from "react";
import { cx } from "./cx";
import { t } from "./words";

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Like `96px`; left out: it takes what is left. */
  readonly width?: string;
  readonly align?: "start" | "end";
  /** Left out on narrow screens. */
  readonly minor?: boolean;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** What a press on the row does; its first cell holds a link or button that does the same. */
  readonly onOpen?: (row: Row) => void;
  readonly selected?: string;
}

const ROW = 40;
/** What a column without a width keeps on a narrow screen; the table scrolls below that. */
const LEAST = 120;
const VIRTUAL_OVER = 100;

/** Rows of one kind. `J` and `K` move; only rows in view are in the page when there are more than a hundred. */
export function Table<Row>({ label, rows, columns, rowKey, onOpen, selected }: TableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = rows.length > VIRTUAL_OVER;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    enabled: virtual,
  });
  const shown = virtual
    ? virtualizer.getVirtualItems().map(item => item.index)
    : rows.map((_, index) => index);
  const least = columns
    .filter(column => !column.minor)
    .reduce((sum, { width }) => sum + (width ? Number.parseInt(width, 10) : LEAST), 0);
  const before = (shown[0] ?? 0) * ROW;
  const after = virtual ? virtualizer.getTotalSize() - ((shown.at(-1) ?? -1) + 1) * ROW : 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: J and K are twins of Tab
    <div ref={scroller} onKeyDown={walk} className={cx("overflow-auto", virtual && "h-full max-h-[80dvh]")}>
      <table
        aria-label={label}
        aria-rowcount={rows.length + 1}
        style={{ minWidth: least }}
        className="w-full table-fixed border-collapse text-dense"
      >
        <thead>
          <tr className="text-caption text-text-3">
            {columns.map(column => (
              <th
                key={column.id}
                scope="col"
                style={{ width: column.width }}
                className={cx(
                  "sticky top-0 h-8 border-line border-b bg-bg px-2 font-medium",
                  end(column),
                  minor(column),
                )}
              >
                {column.title || <span className="sr-only">{t("Actions")}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} span={columns.length} />}
          {shown.map(index => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              <tr
                key={key}
                data-row
                data-id={key}
                aria-rowindex={index + 2}
                aria-current={key === selected || undefined}
                onClick={onOpen && (event => isPlain(event) && onOpen(row))}
                className={cx(
                  "group h-10 border-line border-b",
                  onOpen && "cursor-pointer hover:bg-hover",
                  key === selected && "bg-accent-soft",
                )}
              >
                {columns.map(column => (
                  <td key={column.id} className={cx("truncate px-2 text-text", end(column), minor(column))}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Gap height={after} span={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

const end = (column: { align?: string }) => (column.align === "end" ? "text-end" : "text-start");
const minor = (column: { minor?: boolean }) => column.minor && "max-md:hidden";

function Gap({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row with nothing in it takes no focus
    <tr aria-hidden="true" style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}

/** Whether the row was pressed and nothing in it: controls do their own thing. */
function isPlain(event: MouseEvent): boolean {
  return (
    !(event.target as Element).closest("a, button, input, label, [role=checkbox]") &&
    !getSelection()?.toString()
  );
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = (event.target as Element).closest("[data-row]");
  if (step === undefined || !row || event.metaKey || event.ctrlKey || event.altKey) return;
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const control = next?.querySelector<HTMLElement>("a, button");
  if (!control) return;
  event.preventDefault();
  control.focus();
  control.scrollIntoView({ block: "nearest" });
}
