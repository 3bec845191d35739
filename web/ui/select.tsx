import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cx } from "./cx";
import { CONTROL } from "./field";
import { Icon } from "./icon";
import { ITEM, POPUP } from "./popup";

export interface SelectProps<Value extends string> {
  readonly options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** Only where no `Field` gives it a label. */
  readonly label?: string;
  readonly disabled?: boolean;
  readonly dense?: boolean;
  readonly className?: string;
}

/** One of a few. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { options, value, onChange, label, disabled, dense, className } = props;
  return (
    <Base.Root
      items={options as { value: Value; label: string }[]}
      value={value}
      onValueChange={chosen => chosen !== null && onChange(chosen)}
      disabled={disabled}
    >
      <Base.Trigger
        aria-label={label}
        className={cx(
          CONTROL,
          "flex items-center justify-between gap-2 ps-2.5 pe-2 text-start coarse:h-10",
          dense ? "h-7 text-dense" : "h-8",
          className,
        )}
      >
        <Base.Value className="truncate" />
        <Base.Icon>
          <Icon of={ChevronsUpDown} className="text-text-3" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup
            className={cx(POPUP, "max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1")}
          >
            {options.map(option => (
              <Base.Item
                key={option.value}
                value={option.value}
                className={cx(ITEM, "justify-between gap-4")}
              >
                <span className="min-w-0">
                  <Base.ItemText>{option.label}</Base.ItemText>
                  {option.hint && <span className="block text-caption text-text-2">{option.hint}</span>}
                </span>
                <span className="size-4">
                  <Base.ItemIndicator>
                    <Icon of={Check} />
                  </Base.ItemIndicator>
                </span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
