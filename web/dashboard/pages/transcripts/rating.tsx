import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import type { Said } from "./ratings";

/** What a reader thinks of an answer, and why; it stands below it. */
export function Rating({ of: { rating, comment } }: { readonly of: Said }) {
  if (!rating) return null;
  const good = rating === "up";
  return (
    <li className="-mt-1 flex w-fit max-w-[88%] items-start gap-1.5 px-3 text-caption">
      <Icon of={good ? ThumbsUp : ThumbsDown} className={good ? "mt-0.5 text-ok" : "mt-0.5 text-bad"} />
      <span className="min-w-0">
        <span className={good ? "text-ok" : "text-bad"}>{good ? t("Rated good") : t("Rated wrong")}</span>
        {comment && (
          <q dir="auto" className="ms-1.5 break-words text-text-2">
            {comment}
          </q>
        )}
      </span>
    </li>
  );
}
