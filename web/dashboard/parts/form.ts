import type { Editor } from "@dashboard/editing/editor";

/** What the form of a part is given. */
export interface PartFormProps<Of> {
  readonly editor: Editor;
  readonly part: Of;
  /** What is wrong, by the path of the field. */
  readonly errors: ReadonlyMap<string, string>;
  /** Where the part stands in the document. */
  readonly path: string;
  readonly onChange: (part: Of, field: string) => void;
}
