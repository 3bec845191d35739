// A React application as a shop has it: strict, with routes, and the widget in two ways.
import { StrictMode, useEffect, useLayoutEffect, useState } from "react";
import { createRoot } from "react-dom/client";

interface Settings {
  readonly server: string;
  readonly widgetKey: string;
}

declare global {
  namespace React.JSX {
    interface IntrinsicElements {
      "conduet-chat": React.HTMLAttributes<HTMLElement> & { "data-key"?: string; mode?: string };
    }
  }
}
declare const SETTINGS: Settings;
declare const Conduet: { destroy(): void } | undefined;

/** The tag in the page, for as long as this is there. */
function Bubble({ server, widgetKey }: Settings) {
  // Taken away before another is there: `Conduet` is the newest.
  useLayoutEffect(() => {
    const script = document.createElement("script");
    script.src = `${server}/widget.js`;
    script.dataset.key = widgetKey;
    document.body.append(script);
    return () => {
      script.remove();
      if (typeof Conduet !== "undefined") Conduet.destroy();
    };
  }, [server, widgetKey]);
  return null;
}

function Help({ server, widgetKey }: Settings) {
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const script = document.createElement("script");
    script.src = `${server}/widget.js`;
    document.body.append(script);
    return () => script.remove();
  }, [server]);
  return (
    <main>
      <h1>Help</h1>
      <button type="button" onClick={() => setAsked(asked + 1)}>
        Asked {asked}
      </button>
      <conduet-chat data-key={widgetKey} mode="inline" style={{ height: 400 }} />
    </main>
  );
}

function Shop() {
  const [place, setPlace] = useState("/shop");
  return (
    <>
      <nav>
        {["/shop", "/help", "/empty"].map(each => (
          <button type="button" key={each} onClick={() => setPlace(each)}>
            {each}
          </button>
        ))}
      </nav>
      {place === "/shop" && <Bubble {...SETTINGS} />}
      {place === "/help" && <Help {...SETTINGS} />}
    </>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <Shop />
  </StrictMode>,
);
