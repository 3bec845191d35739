import { ApiError } from "@client/api";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { EmptyState, ErrorState, type ErrorStateProps } from "@ui/states";
import { t } from "@ui/words";
import { FolderX } from "lucide-react";

/** What a page shows in place of a project that could not be loaded; one that is not there is not tried again. */
export function ProjectError(props: ErrorStateProps) {
  if (!(props.error instanceof ApiError && props.error.status === 404)) return <ErrorState {...props} />;
  return (
    <EmptyState
      icon={FolderX}
      title={t("There is no such project")}
      actions={
        <Link to="/" className={buttonClass("primary")}>
          {t("All projects")}
        </Link>
      }
    >
      {t("It was deleted, or it belongs to another account.")}
    </EmptyState>
  );
}
