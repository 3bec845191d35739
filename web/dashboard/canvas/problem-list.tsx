import { Button } from "@ui/button";
import { Icon } from "@ui/icon";
import { Popover } from "@ui/popover";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import type { Problem } from "../editing/flow";

export interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onShow: (problem: Problem) => void;
}

/** What is unfinished or odd, each with a way to it. */
export function ProblemList({ problems, open, onOpenChange, onShow }: ProblemListProps) {
  const errors = problems.filter(each => each.severity === "error").length;
  return (
    <Popover
      title={problems.length === 0 ? t("No problems") : summed(errors, problems.length - errors)}
      open={open}
      onOpenChange={onOpenChange}
      trigger={
        <Button dense look="quiet">
          <Icon
            of={errors ? CircleAlert : problems.length ? TriangleAlert : CircleCheck}
            className={errors ? "text-bad" : problems.length ? "text-warn" : "text-ok"}
          />
          <span className="max-md:sr-only">{t("Problems")}</span> {problems.length || ""}
        </Button>
      }
    >
      {problems.length === 0 && (
        <p className="text-body text-text-2">{t("This can be published as it is.")}</p>
      )}
      <ul className="-mx-2 flex max-h-96 flex-col overflow-y-auto">
        {problems.map(problem => (
          <li key={problem.path + problem.code + problem.message}>
            <button
              type="button"
              onClick={() => onShow(problem)}
              className="flex w-full gap-2 rounded-control p-2 text-start text-dense hover:bg-hover"
            >
              <Icon
                of={problem.severity === "error" ? CircleAlert : TriangleAlert}
                className={problem.severity === "error" ? "mt-0.5 text-bad" : "mt-0.5 text-warn"}
              />
              <span className="min-w-0">
                {problem.message}
                {problem.fix && <span className="block text-text-2">{problem.fix}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Popover>
  );
}

function summed(errors: number, warnings: number): string {
  const parts = [errors && counted(errors, "error"), warnings && counted(warnings, "warning")];
  return parts.filter(Boolean).join(", ");
}
