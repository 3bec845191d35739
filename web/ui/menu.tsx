import { Menu as Base } from "@base-ui/react/menu";
import type { LucideIcon } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx";
import { Icon } from "./icon";
import { Kbd } from "./kbd";
import { ITEM, POPUP } from "./popup";

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly align?: "start" | "center" | "end";
  readonly side?: "top" | "bottom";
  readonly defaultOpen?: boolean;
  /** `MenuItem`s and `MenuLine`s. */
  readonly children: ReactNode;
}

/** Things to do with what the button belongs to. */
export function Menu({ trigger, align = "end", side = "bottom", defaultOpen, children }: MenuProps) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50">
          <Base.Popup className={cx(POPUP, "max-h-(--available-height) min-w-48 overflow-y-auto p-1")}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps {
  readonly icon?: LucideIcon;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect?: () => void;
  /** An element to be in its place: a link. */
  readonly render?: ReactElement;
  readonly children: ReactNode;
}

export function MenuItem({ icon, shortcut, danger, disabled, onSelect, render, children }: MenuItemProps) {
  return (
    <Base.Item
      onClick={onSelect}
      disabled={disabled}
      render={render}
      className={cx(ITEM, danger && "text-bad")}
    >
      {icon && <Icon of={icon} className={danger ? "text-bad" : "text-text-3"} />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {shortcut && <Kbd keys={shortcut} />}
    </Base.Item>
  );
}

export interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly icon?: LucideIcon }[];
}

/** One of a few, inside a menu. */
export function MenuChoice<Value extends string>({
  label,
  value,
  onChange,
  options,
}: MenuChoiceProps<Value>) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange}>
      <Base.Group>
        <Base.GroupLabel className="px-2 py-1 text-caption text-text-3">{label}</Base.GroupLabel>
        {options.map(option => (
          <Base.RadioItem key={option.value} value={option.value} className={ITEM}>
            {option.icon && <Icon of={option.icon} className="text-text-3" />}
            <span className="flex-1">{option.label}</span>
            <Base.RadioItemIndicator className="size-1.5 rounded-pill bg-accent-text" />
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  );
}

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}
