import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export interface TabsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly tabs: readonly { readonly value: Value; readonly label: ReactNode; readonly content: ReactNode }[];
}

/** Views of one thing. Which one is shown belongs into the address. */
export function Tabs<Value extends string>({ label, value, onChange, tabs }: TabsProps<Value>) {
  return (
    <Base.Root value={value} onValueChange={onChange} className="flex min-h-0 flex-1 flex-col">
      <Base.List aria-label={label} className="flex flex-wrap -mx-1 gap-x-2 border-line border-b">
        {tabs.map(tab => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 shrink-0 items-center gap-2 px-1 border-transparent border-b-2 font-medium text-body text-text-2 hover:text-text focus-visible:-outline-offset-2 data-[active]:border-accent data-[active]:text-text"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(tab => (
        <Base.Panel key={tab.value} value={tab.value} className="min-h-0 flex-1 pt-4">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
