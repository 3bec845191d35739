import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { Switch } from "@ui/choice";
import { CodeBlock } from "@ui/code";
import { Field, Input } from "@ui/field";
import { Select } from "@ui/select";
import { useState } from "react";
import { snippetOf, type WidgetSettings } from "./snippet";

/** How the widget looks on a page, and the line of HTML that puts it there. */
export function WebWidget({ projectId }: { readonly projectId: string }) {
  const [settings, setSettings] = useState<WidgetSettings>({});
  const set = (more: WidgetSettings) => setSettings(before => ({ ...before, ...more }));
  return (
    <section aria-labelledby="widget" className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 id="widget" className="font-semibold text-lead">
            On your pages
          </h2>
          <p className="text-body text-text-2">
            A widget key may stand in a page's source: it works from your origins alone.
          </p>
        </div>
        <Link
          to="/p/$projectId/keys"
          params={{ projectId }}
          search={{ new: "widget" }}
          className={buttonClass("primary")}
        >
          Create widget key
        </Link>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Widget key" hint="As it was shown when it was made.">
          <Input
            value={settings.key ?? ""}
            onChange={event => set({ key: event.target.value.trim() })}
            placeholder="cdt_…"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field label="Greeting" hint="A teaser beside the launcher; left empty, there is none.">
          <Input
            value={settings.greeting ?? ""}
            onChange={event => set({ greeting: event.target.value })}
            maxLength={200}
            dir="auto"
          />
        </Field>
        <Field label="Theme">
          <Select
            value={settings.theme ?? "auto"}
            onChange={theme => set({ theme })}
            options={[
              { value: "auto", label: "As the visitor's system" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
          />
        </Field>
        <Field label="Side">
          <Select
            value={settings.position ?? "end"}
            onChange={position => set({ position })}
            options={[
              { value: "end", label: "End: right, where text runs left to right" },
              { value: "start", label: "Start" },
            ]}
          />
        </Field>
        <Switch
          label="Open at once"
          hint="The panel is open when the page is loaded."
          checked={settings.open === true}
          onChange={open => set({ open })}
        />
      </div>
      <CodeBlock code={snippetOf(settings)} label="Snippet" />
    </section>
  );
}
