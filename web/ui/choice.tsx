import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Check, Minus } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useDisabled } from "./fieldset";
import { Icon } from "./icon";

interface ChoiceProps {
  readonly label: ReactNode;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

/** One thing of several that may be chosen. */
export function Checkbox({
  label,
  hint,
  checked,
  onChange,
  disabled,
  mixed,
}: ChoiceProps & { readonly mixed?: boolean }) {
  const id = useId();
  const shut = useDisabled();
  return (
    <div className="flex items-start gap-2 py-1">
      <BaseCheckbox.Root
        id={id}
        checked={checked}
        indeterminate={mixed}
        onCheckedChange={onChange}
        disabled={disabled || shut}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-tag border border-control bg-surface text-on-accent after:absolute after:-inset-1 data-[checked]:border-accent data-[indeterminate]:border-accent data-[checked]:bg-accent data-[indeterminate]:bg-accent data-[disabled]:opacity-50"
      >
        <BaseCheckbox.Indicator>
          <Icon of={mixed ? Minus : Check} className="size-3" />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <Words id={id} label={label} hint={hint} />
    </div>
  );
}

/** Something that is on or off, at once. */
export function Switch({ label, hint, checked, onChange, disabled }: ChoiceProps) {
  const id = useId();
  const shut = useDisabled();
  return (
    <div className="flex items-start gap-3 py-1">
      <BaseSwitch.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled || shut}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative flex h-5 w-9 shrink-0 rounded-pill border border-control bg-sunken p-px transition-colors duration-[120ms] after:absolute after:-inset-1 data-[checked]:border-accent data-[checked]:bg-accent data-[disabled]:opacity-50"
      >
        <BaseSwitch.Thumb className="size-4 rounded-pill bg-control transition-transform duration-[120ms] data-[checked]:translate-x-4 data-[checked]:bg-on-accent rtl:data-[checked]:-translate-x-4" />
      </BaseSwitch.Root>
      <Words id={id} label={label} hint={hint} />
    </div>
  );
}

function Words({
  id,
  label,
  hint,
}: {
  readonly id: string;
  readonly label: ReactNode;
  readonly hint?: string;
}) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="text-body text-text">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="text-caption text-text-2">
          {hint}
        </p>
      )}
    </div>
  );
}
