import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";

const SHOWN = "conduet.phases.graph";
export const GRAPH_HEIGHT = "h-[min(38vh,22rem)]";

/** Whether the graph stands above the form in this browser. */
export const isGraphShown = () => localStorage.getItem(SHOWN) !== "off";

/** The graph above the form, folded away where somebody needs the room. */
export function GraphBox({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState(isGraphShown);
  return (
    <section aria-label={t("Graph of the phases")} className="shrink-0 border-line border-b">
      <div className="flex h-9 items-center px-2">
        <Button
          look="quiet"
          dense
          aria-expanded={shown}
          onClick={() => {
            localStorage.setItem(SHOWN, shown ? "off" : "on");
            setShown(!shown);
          }}
        >
          <Icon of={shown ? ChevronDown : ChevronRight} />
          {t("Graph")}
        </Button>
      </div>
      {shown && (
        <div className={cx(GRAPH_HEIGHT, "border-line border-t")}>
          <Suspense
            fallback={
              <Loading what={t("the phases")} className="h-full">
                <Skeleton className="h-full w-full" />
              </Loading>
            }
          >
            {children}
          </Suspense>
        </div>
      )}
    </section>
  );
}
