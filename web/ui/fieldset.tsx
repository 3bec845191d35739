import { createContext, type ReactNode, useContext } from "react";

const Disabled = createContext(false);

/** Whether a control stands in a `Fieldset` that is disabled: for those that are no native control. */
export const useDisabled = () => useContext(Disabled);

/** Controls that can be read and not changed while it is disabled; it takes no place of its own. */
export function Fieldset({
  disabled,
  children,
}: {
  readonly disabled: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Disabled value={disabled}>
      <fieldset disabled={disabled} className="contents">
        {children}
      </fieldset>
    </Disabled>
  );
}
