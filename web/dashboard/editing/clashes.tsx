import type { ProjectDocument } from "@dashboard/data/projects";
import { Button, IconButton } from "@ui/button";
import { t } from "@ui/words";
import { X } from "lucide-react";
import { inWords } from "../data/titles";
import type { Editor } from "./editor";
import { nameOf } from "./flow";
import { at, type Clash, equal } from "./merge";

/** Values that somebody else gave too, side by side: one is in the draft, the other is kept until it is put away. */
export function Clashes({ editor }: { readonly editor: Editor }) {
  const clashes = editor(state => state.clashes);
  const document = editor(state => state.document);
  if (clashes.length === 0) return null;
  return (
    <section aria-label={t("Changed by two people")} className="border-line border-b bg-warn-soft px-4 py-3">
      <h2 className="font-medium text-body text-warn">
        {clashes.length === 1 ? t("One value was") : t("%{clashes} values were", { clashes: clashes.length })}{" "}
        {t("changed by two people")}
      </h2>
      <ul className="mt-2 flex max-h-60 flex-col gap-3 overflow-y-auto">
        {clashes.map(clash => (
          <ClashRow key={clash.path.join("/")} editor={editor} clash={clash} document={document} />
        ))}
      </ul>
    </section>
  );
}

interface ClashRowProps {
  readonly editor: Editor;
  readonly clash: Clash;
  readonly document: ProjectDocument;
}

function ClashRow({ editor, clash, document }: ClashRowProps) {
  const { choose, settle } = editor.getState();
  const now = at(document, clash.path);
  const where = wordsOf(document, clash.path);
  return (
    <li className="rounded-control bg-surface p-2">
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 truncate font-medium text-dense" dir="auto" title={where}>
          {where}
        </p>
        <IconButton dense icon={X} label={t("Put away %{where}", { where })} onClick={() => settle(clash)} />
      </div>
      <div className="grid grid-cols-1 gap-2 sm:grid-cols-2">
        <Side
          name="Yours"
          value={clash.mine}
          chosen={equal(now, clash.mine)}
          onChoose={() => choose(clash, clash.mine)}
        />
        <Side
          name="Theirs"
          value={clash.theirs}
          chosen={equal(now, clash.theirs)}
          onChoose={() => choose(clash, clash.theirs)}
        />
      </div>
    </li>
  );
}

interface SideProps {
  readonly name: string;
  readonly value: unknown;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Side({ name, value, chosen, onChoose }: SideProps) {
  return (
    <div className="flex min-w-0 items-start gap-2 rounded-control border border-line p-2">
      <div className="min-w-0 flex-1">
        <p className="text-caption text-text-2">{chosen ? t("%{name}, in the draft", { name }) : name}</p>
        <p className="line-clamp-4 whitespace-pre-wrap break-words text-dense" dir="auto">
          {value === undefined ? t("Removed") : typeof value === "string" ? value : JSON.stringify(value)}
        </p>
      </div>
      {!chosen && (
        <Button dense onClick={onChoose}>
          {t("Use %{name}", { name: name.toLowerCase() })}
        </Button>
      )}
    </div>
  );
}

/** "Greeting: text" of the path of a value. */
function wordsOf(document: ProjectDocument, path: Clash["path"]): string {
  const [part, workflow, list, item, ...rest] = path;
  if (part === "workflows" && list === "steps") {
    const step = document.workflows.find(each => each.id === workflow)?.steps.find(each => each.id === item);
    const field = rest.filter(each => each !== "config").join(" ");
    return `${step ? nameOf(step) : item}${field ? `: ${field}` : ""}`;
  }
  return inWords(path.join(" "));
}
