import {
  type ComponentProps,
  type ComponentType,
  cloneElement,
  type ReactElement,
  Suspense,
  useState,
} from "react";

export interface LateProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly defaultOpen: boolean;
}

export interface LateMenuProps {
  readonly button: ReactElement<ComponentProps<"button">>;
  /** The menu, which is loaded by itself. */
  readonly menu: ComponentType<LateProps>;
}

/** A button that is there before its menu: a press or the focus that it had by then is the menu's. */
export function LateMenu({ button, menu: Menu }: LateMenuProps) {
  const [focused, setFocused] = useState(false);
  const [pressed, setPressed] = useState(false);
  const before = cloneElement(button, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onFocus: () => setFocused(true),
    onBlur: () => setFocused(false),
    // By the pointer's first half: the button may be the menu's before the second.
    onPointerDown: event => event.button === 0 && setPressed(true),
    onClick: () => setPressed(true),
  });
  return (
    <Suspense fallback={before}>
      <Menu trigger={cloneElement(button, { autoFocus: focused })} defaultOpen={pressed} />
    </Suspense>
  );
}
