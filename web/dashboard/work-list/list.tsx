import { useVirtualizer } from "@tanstack/react-virtual";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { type ReactNode, useEffect, useRef } from "react";

/** What of an infinite query a list shows. */
export interface Pages {
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly isSuccess: boolean;
  readonly error: Error | null;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly refetch: () => unknown;
  readonly fetchNextPage: () => unknown;
}

export interface WorkListProps<Item> {
  readonly label: string;
  /** What they are, in the plural: "conversations". */
  readonly what: string;
  readonly pages: Pages;
  readonly items: readonly Item[];
  readonly idOf: (item: Item) => string;
  readonly opened: string | undefined;
  readonly row: (item: Item) => ReactNode;
  /** Where nothing is. */
  readonly children: ReactNode;
}

/** Over so many only the rows in view are in the page. */
const VIRTUAL_OVER = 100;
const ROW = 84;

/** What is to be worked through, the latest first: it loads, fails and goes on in its own place. */
export function WorkList<Item>(props: WorkListProps<Item>) {
  const { label, what, pages, items, idOf, opened, row, children } = props;
  const scroller = useRef<HTMLElement>(null);
  const virtual = items.length > VIRTUAL_OVER;
  const virtualizer = useVirtualizer({
    count: items.length,
    enabled: virtual,
    getScrollElement: () => scroller.current,
    getItemKey: index => idOf(items[index] as Item),
    estimateSize: () => ROW,
    overscan: 8,
  });
  const place = opened === undefined ? -1 : items.findIndex(item => idOf(item) === opened);
  useEffect(() => {
    if (place < 0) return;
    if (virtual) virtualizer.scrollToIndex(place);
    else void scroller.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [place, virtual, virtualizer]);
  const shown = virtual
    ? virtualizer.getVirtualItems().map(each => each.index)
    : items.map((_, index) => index);
  const [first, last] = [virtualizer.getVirtualItems()[0], virtualizer.getVirtualItems().at(-1)];
  const room = virtual && first && last;
  return (
    <section ref={scroller} aria-label={label} className="min-h-0 flex-1 overflow-y-auto">
      {pages.isPending && (
        <Loading what={what}>
          {["a", "b", "c", "d"].map(each => (
            <div key={each} className="flex flex-col gap-2 border-line border-b px-3 py-3">
              <Skeleton className="h-4 w-1/2" />
              <Skeleton className="h-4" />
              <Skeleton className="h-4 w-2/3" />
            </div>
          ))}
        </Loading>
      )}
      {pages.isError && items.length === 0 && (
        <ErrorState
          className="m-2"
          title={t("Could not load the %{what}.", { what })}
          error={pages.error}
          onRetry={() => pages.refetch()}
        />
      )}
      {pages.isSuccess && items.length === 0 && !pages.isFetchingNextPage && children}
      <ul
        style={
          room ? { paddingTop: first.start, paddingBottom: virtualizer.getTotalSize() - last.end } : undefined
        }
      >
        {shown.map(index => {
          const item = items[index];
          return (
            item !== undefined && (
              <li
                key={idOf(item)}
                data-index={index}
                data-id={idOf(item)}
                ref={virtual ? virtualizer.measureElement : undefined}
                aria-setsize={virtual ? items.length : undefined}
                aria-posinset={virtual ? index + 1 : undefined}
                className="group relative border-line border-b"
              >
                {row(item)}
              </li>
            )
          );
        })}
      </ul>
      {pages.hasNextPage && (
        <div className="flex justify-center p-2">
          <Button dense busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {t("Show older %{what}", { what })}
          </Button>
        </div>
      )}
    </section>
  );
}

/** How the link over a whole row looks. */
export const rowClass = (opened: boolean, chosen: boolean) =>
  cx(
    "flex flex-col gap-0.5 px-3 py-2 hover:bg-hover focus-visible:-outline-offset-2",
    (opened || chosen) && "bg-accent-soft",
  );

export interface RowTextProps {
  readonly name: string;
  /** What the person is called, where that is known: `name` is then their id. */
  readonly called?: string;
  readonly at: ReactNode;
  readonly text: string;
  /** Its standing, in a line below. */
  readonly children: ReactNode;
}

const ID_LETTERS = 24;
const ID_END = 8;

/** A long id without its middle: ids of one kind begin alike. */
export function cutId(id: string): string {
  return id.length > ID_LETTERS ? `${id.slice(0, ID_LETTERS - ID_END - 1)}…${id.slice(-ID_END)}` : id;
}

/** A user by name, where it is known, and id. */
export function Called({ id, name }: { readonly id: string; readonly name: string | undefined }) {
  if (!name) return cutId(id);
  return (
    <>
      <bdi>{name}</bdi> <bdi className="font-normal text-dense text-text-3">{cutId(id)}</bdi>
    </>
  );
}

/** What stands in a row: who or what it is, since when, what was said last, how it stands. */
export function RowText({ name, called, at, text, children }: RowTextProps) {
  return (
    <>
      <span className="flex items-baseline gap-2">
        <span dir="auto" title={name} className="min-w-0 flex-1 truncate font-medium text-body">
          <Called id={name} name={called} />
        </span>
        <span className="text-caption text-text-3">{at}</span>
      </span>
      <span dir="auto" className="wrap-anywhere line-clamp-2 text-dense text-text-2">
        {text}
      </span>
      <span className="flex min-h-5 flex-wrap items-center gap-1 pe-7 text-caption text-text-2">
        {children}
      </span>
    </>
  );
}
