import type { ProjectDocument } from "@dashboard/data/projects";
import { Button, IconButton } from "@ui/button";
import { t } from "@ui/words";
import { X } from "lucide-react";
import { inWords } from "../data/titles";
import type { Editor } from "./editor";
import { nameOf, type Step } from "./flow";
import { at, type Clash, equal, keyOf } from "./merge";

/** Values that somebody else gave too, side by side: one is in the draft, the other is kept until it is put away. */
export function Clashes({ editor }: { readonly editor: Editor }) {
  const clashes = editor(state => state.clashes);
  const document = editor(state => state.document);
  if (clashes.length === 0) return null;
  return (
    <section aria-label={t("Changed by two people")} className="border-line border-b bg-warn-soft px-4 py-3">
      <h2 className="font-medium text-body text-warn">{headingOf(clashes)}</h2>
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
  const where = wordsOf(document, clash);
  const chosenMine = equal(now, clash.mine);
  const chosenTheirs = equal(now, clash.theirs);
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
          name={chosenMine ? t("Yours, in the draft") : t("Yours")}
          value={wordsOfValue(clash, clash.mine)}
          choice={chosenMine ? undefined : t("Use yours")}
          onChoose={() => choose(clash, clash.mine)}
        />
        <Side
          name={chosenTheirs ? t("Theirs, in the draft") : t("Theirs")}
          value={wordsOfValue(clash, clash.theirs)}
          choice={chosenTheirs ? undefined : t("Use theirs")}
          onChoose={() => choose(clash, clash.theirs)}
        />
      </div>
    </li>
  );
}

interface SideProps {
  readonly name: string;
  readonly value: string;
  /** What its button says; none where it is in the draft already. */
  readonly choice: string | undefined;
  readonly onChoose: () => void;
}

function Side({ name, value, choice, onChoose }: SideProps) {
  return (
    <div className="flex min-w-0 items-start gap-2 rounded-control border border-line p-2">
      <div className="min-w-0 flex-1">
        <p className="text-caption text-text-2">{name}</p>
        <p className="line-clamp-4 whitespace-pre-wrap break-words text-dense" dir="auto">
          {value}
        </p>
      </div>
      {choice && (
        <Button dense onClick={onChoose}>
          {choice}
        </Button>
      )}
    </div>
  );
}

function headingOf(clashes: readonly Clash[]): string {
  const [first, second] = clashes;
  const name = first && nameOfItem(first);
  if (second === undefined) {
    return name === undefined
      ? t("One value was changed by two people")
      : t("%{name} was changed by one person and removed by another", { name });
  }
  return clashes.some(clash => nameOfItem(clash) !== undefined)
    ? t("%{clashes} things were changed or removed by two people", { clashes: clashes.length })
    : t("%{clashes} values were changed by two people", { clashes: clashes.length });
}

/** What the item is called that one removed and the other changed; nothing where both gave a value. */
function nameOfItem({ path, mine, theirs }: Clash): string | undefined {
  if (mine !== undefined && theirs !== undefined) return undefined;
  const item = mine ?? theirs;
  const key = keyOf(item);
  if (key === undefined || key !== path.at(-1)) return undefined;
  const [part, , list] = path;
  if (part === "workflows" && list === "steps" && path.length === 4) return nameOf(item as Step);
  const { name, label } = item as { readonly name?: unknown; readonly label?: unknown };
  return [name, label, key].find(each => typeof each === "string" && each !== "") as string;
}

function wordsOfValue(clash: Clash, value: unknown): string {
  if (value === undefined) return t("Removed");
  return nameOfItem(clash) ?? (typeof value === "string" ? value : JSON.stringify(value));
}

/** "Greeting: text" of where a clash is. */
function wordsOf(document: ProjectDocument, clash: Clash): string {
  const name = nameOfItem(clash);
  const [part, workflow, list, item, ...rest] = clash.path;
  if (part === "workflows" && list === "steps" && rest.length > 0) {
    const step = document.workflows.find(each => each.id === workflow)?.steps.find(each => each.id === item);
    const field = [...rest.slice(0, -1), name ?? rest.at(-1)].filter(each => each !== "config").join(" ");
    return `${step ? nameOf(step) : item}: ${field}`;
  }
  return name ?? inWords(clash.path.join(" "));
}
