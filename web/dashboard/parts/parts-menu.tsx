import type { Editor } from "@dashboard/editing/editor";
import { Link } from "@tanstack/react-router";
import { Button } from "@ui/button";
import { Menu, MenuItem, MenuLine } from "@ui/menu";
import { t } from "@ui/words";
import { Bot, ChevronDown, Workflow } from "lucide-react";
import { kindsOf, WORDS } from "./kinds";

const BUILD = "/p/$projectId/build/{-$workflow}";

/** The ways to the parts of the project, and back to what is built of them. */
export function PartsMenu({
  editor,
  projectId,
  home = true,
}: {
  readonly editor: Editor;
  readonly projectId: string;
  /** Whether what is built of them is offered too. */
  readonly home?: boolean;
}) {
  const agentic = editor(state => state.document.framework === "agentic");
  const document = editor(state => state.document);
  return (
    <Menu
      align="start"
      trigger={
        <Button dense look="quiet">
          {t("Parts")}
          <ChevronDown aria-hidden="true" size={16} />
        </Button>
      }
    >
      {(home || agentic) && (
        <>
          <MenuItem
            icon={agentic ? Bot : Workflow}
            render={<Link to={BUILD} params={{ projectId, workflow: undefined }} />}
          >
            {agentic ? t("Agent") : t("Workflows")}
          </MenuItem>
          <MenuLine />
        </>
      )}
      {kindsOf(document).map(kind => (
        <MenuItem
          key={kind}
          icon={WORDS[kind].icon}
          render={<Link to={BUILD} params={{ projectId, workflow: kind }} />}
        >
          {`${WORDS[kind].title}${document[kind].length ? ` (${document[kind].length})` : ""}`}
        </MenuItem>
      ))}
    </Menu>
  );
}
