import type { ReactNode } from "react";
import { WorkHead } from "./chosen";
import { WorkList } from "./list";
import { type Choices, useWork, type WorkOptions } from "./use-work";

interface WorkPaneProps<Item> extends WorkOptions<Item> {
  readonly label: string;
  /** What they are, in the plural: "conversations". */
  readonly many: string;
  readonly onFind: (find: string) => void;
  /** What can be done with those that are chosen. */
  readonly together: (work: Choices) => ReactNode;
  readonly row: (item: Item, work: Choices) => ReactNode;
  /** What is said where the filter leaves none. */
  readonly none: string;
  /** Where nothing is. */
  readonly children: ReactNode;
}

/** What is to be worked through: filtered, chosen from, read one after the other. */
export function WorkPane<Item>(props: WorkPaneProps<Item>) {
  const { label, many, pages, items, idOf, opened, find, onFind, together, row, none, children } = props;
  const work = useWork(props);
  return (
    <>
      {(items.length > 0 || find || pages.isPending) && (
        <WorkHead what={many} work={work} find={find} onFind={onFind}>
          {together(work)}
        </WorkHead>
      )}
      <WorkList
        label={label}
        what={many}
        pages={pages}
        items={work.shown}
        idOf={idOf}
        opened={opened}
        row={item => row(item, work)}
      >
        {find ? <p className="px-3 py-4 text-dense text-text-2">{none}</p> : children}
      </WorkList>
    </>
  );
}
