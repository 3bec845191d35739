import { Button } from "@ui/button";
import { Input } from "@ui/field";
import { t } from "@ui/words";
import { useId } from "react";
import { useNames } from "./names";

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The name of a variable, offered from those there are; a new one is made on the spot. */
export function VariableInput({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: unknown) => void;
}) {
  const { variables, addVariable } = useNames();
  const list = useId();
  const first = value.split(/[.[]/)[0] ?? "";
  const unknown = value !== "" && first !== "sys" && !variables.some(each => each.name === first);
  return (
    <span className="flex items-center gap-2">
      <Input
        value={value}
        list={list}
        spellCheck={false}
        autoComplete="off"
        className="font-mono text-dense"
        onChange={event => onChange(event.currentTarget.value)}
      />
      <datalist id={list}>
        {variables.map(each => (
          <option key={each.name} value={each.name}>
            {each.type}
          </option>
        ))}
      </datalist>
      {unknown && NAME.test(first) && (
        <Button dense onClick={() => addVariable(first)}>
          {t("Create variable")}
        </Button>
      )}
    </span>
  );
}
