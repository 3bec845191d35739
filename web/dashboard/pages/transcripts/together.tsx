import { useMay } from "@dashboard/data/roles";
import { Chosen, useEach } from "@dashboard/work-list/chosen";
import type { Choices } from "@dashboard/work-list/use-work";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Menu, MenuItem } from "@ui/menu";
import { counted } from "@ui/time";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { useState } from "react";
import { addTest, eraseUser, type Listed, removeTest } from "./data";

interface TogetherProps {
  readonly projectId: string;
  readonly rows: readonly Listed[];
  readonly work: Choices;
}

/** What the server exports by their ids at once. */
const EXPORTED = 200;

/** What is done with several transcripts: it floats, so that no row moves when the first is chosen. */
export function Together({ projectId, rows, work }: TogetherProps) {
  const client = useQueryClient();
  const edits = useMay("edit");
  const [erasing, setErasing] = useState(false);
  const renew = () => client.invalidateQueries({ queryKey: ["project", projectId] });
  const settled = () => {
    work.clear();
    void renew();
  };
  const add = useEach(
    id => addTest(projectId, id),
    { what: "test", done: "added" },
    settled,
    tests =>
      void Promise.all(tests.map(test => removeTest(projectId, test.id)))
        .catch((error: Error) => toast(error.message, { bad: true }))
        .finally(renew),
  );
  const erase = useEach(
    userId => eraseUser(projectId, userId),
    { what: "user", done: "erased" },
    () => {
      // What was read of them goes with them.
      client.removeQueries({ queryKey: ["project", projectId, "transcript"] });
      settled();
    },
  );
  const users = [...new Set(rows.filter(row => work.chosen.includes(row.id)).map(row => row.userId))];
  return (
    <section
      aria-label={t("Chosen transcripts")}
      className="sticky bottom-2 z-10 flex flex-wrap items-center gap-1 self-center rounded-panel bg-raised p-1.5 shadow-popover"
    >
      <Chosen work={work}>
        {edits && (
          <Button
            dense
            busy={add.isPending}
            onClick={() => add.mutate({ ids: work.chosen, value: undefined })}
          >
            {t("Add to tests")}
          </Button>
        )}
        <ExportMenu projectId={projectId} ids={work.chosen} />
        {edits && (
          <Button dense look="danger" onClick={() => setErasing(true)}>
            {t("Erase users")}
          </Button>
        )}
      </Chosen>
      <Dialog
        open={erasing}
        onClose={() => setErasing(false)}
        title={t("Erase %{users}?", { users: counted(users.length, "user") })}
        description={t(
          "Every transcript, trace and variable of these users goes, also those that are not chosen. Figures stay as they are. This cannot be undone.",
        )}
        actions={
          <>
            <Button onClick={() => setErasing(false)}>{t("Keep users")}</Button>
            <Button
              look="danger"
              busy={erase.isPending}
              onClick={() =>
                erase.mutate({ ids: users, value: undefined }, { onSettled: () => setErasing(false) })
              }
            >
              {t("Erase users")}
            </Button>
          </>
        }
      >
        <ul className="flex flex-col gap-1 text-dense">
          {users.map(each => (
            <li key={each} dir="auto" className="wrap-anywhere">
              {each}
            </li>
          ))}
        </ul>
      </Dialog>
    </section>
  );
}

function ExportMenu({ projectId, ids }: { readonly projectId: string; readonly ids: readonly string[] }) {
  if (ids.length > EXPORTED) {
    return (
      <Button dense disabled title={t("At most %{most} are exported at once.", { most: EXPORTED })}>
        {t("Export")}
      </Button>
    );
  }
  const file = (format: string) => {
    const query = new URLSearchParams([["format", format], ...ids.map(id => ["id", id])]);
    return `/api/v1/projects/${projectId}/transcripts/export?${query}`;
  };
  return (
    <Menu side="top" trigger={<Button dense>{t("Export")}</Button>}>
      <MenuItem
        render={
          <a href={file("csv")} download>
            {t("CSV, for spreadsheets")}
          </a>
        }
      >
        {t("CSV, for spreadsheets")}
      </MenuItem>
      <MenuItem
        render={
          <a href={file("jsonl")} download>
            {t("JSON Lines, exact")}
          </a>
        }
      >
        {t("JSON Lines, exact")}
      </MenuItem>
    </Menu>
  );
}
