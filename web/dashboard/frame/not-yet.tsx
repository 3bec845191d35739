import { buttonClass } from "@ui/button";
import { EmptyState } from "@ui/states";
import { Hammer } from "lucide-react";
import { Page } from "./page";

/** A page that is still to be made. */
export function NotYet({ title, what }: { readonly title: string; readonly what: string }) {
  return (
    <Page title={title}>
      <EmptyState
        icon={Hammer}
        title={`${what} is not in the dashboard yet`}
        actions={
          <a href="/docs" className={buttonClass()}>
            Open API reference
          </a>
        }
      >
        The API does it already.
      </EmptyState>
    </Page>
  );
}
