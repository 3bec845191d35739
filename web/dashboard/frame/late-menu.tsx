import { FailedAside, type FailedProps } from "@dashboard/lazy-part";
import {
  type ComponentProps,
  type ComponentType,
  cloneElement,
  type ReactElement,
  type RefObject,
  Suspense,
  useLayoutEffect,
  useRef,
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

/** What became of a button before its menu was there. */
interface Before {
  focused: boolean;
  pressed: boolean;
}

/** A menu that did not come: its button asks for it again. */
export function FailedMenu({ trigger, defaultOpen, ...failed }: LateProps & FailedProps) {
  return (
    <>
      {cloneElement(trigger as LateMenuProps["button"], { onClick: failed.again })}
      {defaultOpen && <FailedAside {...failed} />}
    </>
  );
}

/** A button that is there before its menu: a press or the focus that it had by then is the menu's. */
export function LateMenu({ button, menu }: LateMenuProps) {
  // No state: a press would have the button drawn anew under the pointer, and its second half close the menu.
  const was = useRef<Before>({ focused: false, pressed: false });
  const press = () => {
    was.current.pressed = true;
  };
  const before = cloneElement(button, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onFocus: () => {
      was.current.focused = true;
    },
    onBlur: () => {
      was.current.focused = false;
    },
    // By the mouse's first half: the button may be the menu's before the second.
    onMouseDown: event => event.button === 0 && press(),
    onClick: press,
  });
  return (
    <Suspense fallback={before}>
      <Loaded button={button} menu={menu} was={was} />
    </Suspense>
  );
}

function Loaded({ button, menu: Menu, was }: LateMenuProps & { readonly was: RefObject<Before> }) {
  const [{ focused, pressed }, take] = useState(() => ({ ...was.current }));
  // It may be drawn a while before it is shown: what was done in between is its own too.
  useLayoutEffect(() => take({ ...was.current }), [was]);
  return (
    <Menu
      key={`${focused} ${pressed}`}
      trigger={cloneElement(button, { autoFocus: focused })}
      defaultOpen={pressed}
    />
  );
}
