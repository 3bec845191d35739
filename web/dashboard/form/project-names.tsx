import { t } from "@ui/words";
import { type ReactNode, useMemo } from "react";
import type { Editor } from "../editing/editor";
import { newVariable } from "../editing/flow";
import { NamesProvider, namesOf } from "./names";

/** Lets the forms in it name what the edited project has. */
export function ProjectNames({
  editor,
  children,
}: {
  readonly editor: Editor;
  readonly children: ReactNode;
}) {
  const document = editor(state => state.document);
  const edit = editor(state => state.edit);
  const names = useMemo(
    () =>
      namesOf(document, name =>
        edit(t("Add variable"), now => ({
          ...now,
          variables: [...now.variables, newVariable(name)],
        })),
      ),
    [document, edit],
  );
  return <NamesProvider value={names}>{children}</NamesProvider>;
}
