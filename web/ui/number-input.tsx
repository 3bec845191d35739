import type { ChangeEvent, ComponentProps } from "react";
import { useState } from "react";
import { Input } from "./field";

export interface NumberInputProps
  extends Omit<ComponentProps<typeof Input>, "type" | "value" | "defaultValue" | "onChange" | "onBlur"> {
  readonly value: number | undefined;
  /** `undefined`: it is left empty; never so where it is `needed`. */
  readonly onChange: (value: number | undefined) => void;
  /** Emptied or out of its bounds it keeps its last value, and shows it again when one leaves. */
  readonly needed?: boolean;
}

/** A number. What is typed stays as it is typed until one leaves: `0.` is on its way to `0.05`. */
export function NumberInput({ value, onChange, needed = false, ...rest }: NumberInputProps) {
  const [typed, setTyped] = useState<{ readonly text: string; readonly as: number | undefined }>();
  const take = ({ currentTarget: { value: text, validity } }: ChangeEvent<HTMLInputElement>) => {
    const keeps = text === "" ? needed || validity.badInput : needed && !validity.valid;
    const as = keeps ? value : text === "" ? undefined : Number(text);
    setTyped({ text, as });
    if (!Object.is(as, value)) onChange(as);
  };
  // A value that is not what was typed came from elsewhere: an undo, somebody else, a bound.
  const shown = typed && Object.is(typed.as, value) ? typed.text : (value ?? "").toString();
  return (
    <Input
      step="any"
      {...rest}
      type="number"
      value={shown}
      onChange={take}
      onBlur={() => setTyped(undefined)}
    />
  );
}
