import { toast } from "@ui/toast";
import { t } from "@ui/words";

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Says how a project was made of its brief, where no model wrote it; `origin` is what `X-Generated-By` told. */
export function tellOrigin(origin: string, templates: readonly Named[]): void {
  const [by, ...ids] = origin.split(/,? /);
  if (by !== "templates" && by !== "brief") return;
  const names = ids.map(id => templates.find(each => each.id === id)?.name ?? id);
  const all = new Intl.ListFormat("en").format(names);
  const title = all
    ? t("Composed from %{all}", { all })
    : t("Made without a template: none is about the brief");
  toast(title, {
    description: t(
      "No language model wrote it: none is set, or it did not answer. Look through the draft, or set a model's key on the server, such as OPENAI_API_KEY, and describe it again.",
    ),
  });
}
