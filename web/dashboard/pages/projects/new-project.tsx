import { Dialog } from "@ui/dialog";
import { Tabs } from "@ui/tabs";
import { t } from "@ui/words";
import { Blank } from "./blank";
import { Describe } from "./describe";
import { ImportFile } from "./import-file";
import { route, type Way } from "./route";
import { Templates } from "./templates";

/** The ways to a new project; which one is open stands in the address. */
export function NewProject({
  way,
  onClose,
}: {
  readonly way: Way | undefined;
  readonly onClose: () => void;
}) {
  const navigate = route.useNavigate();
  return (
    <Dialog open={way !== undefined} onClose={onClose} title={t("New project")} wide>
      <Tabs<Way>
        label={t("Ways to begin")}
        value={way ?? "template"}
        onChange={next => navigate({ search: before => ({ ...before, new: next }), replace: true })}
        tabs={[
          { value: "template", label: t("From a template"), content: <Templates /> },
          { value: "describe", label: t("Describe it"), content: <Describe /> },
          { value: "blank", label: t("Blank"), content: <Blank /> },
          { value: "import", label: t("Import a file"), content: <ImportFile /> },
        ]}
      />
    </Dialog>
  );
}
