import { useEffect } from "react";

/** What floats gives the focus back first, and whoever takes something away may know a better place. */
const PAUSE = 100;

/** Keeps the focus where it was when what had it is taken away or can be used no more: what stood around it has it then. Once, at the root. */
export function useKeptFocus(): void {
  useEffect(() => {
    let around: Element[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const took = ({ target }: FocusEvent) => {
      around = [];
      for (let at = target as Element | null; at && at !== document.body; at = at.parentElement)
        around.push(at);
    };
    // Whoever presses beside all controls wants none of them.
    const left = ({ target }: FocusEvent) =>
      setTimeout(() => {
        if (around[0] === target && !isLost(around[0]) && document.activeElement === document.body)
          around = [];
      });
    const look = () => {
      if (document.activeElement !== document.body || !isLost(around[0])) return;
      const there = around
        .slice(1)
        .find(each => each.isConnected && each.childElementCount > 0 && !isRoot(each));
      focusOn((there as HTMLElement | undefined) ?? document.getElementById("page"));
    };
    const observer = new MutationObserver(() => {
      if (!isLost(around[0])) return;
      clearTimeout(timer);
      timer = setTimeout(look, PAUSE);
    });
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["disabled"],
    });
    addEventListener("focusin", took);
    addEventListener("focusout", left);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      removeEventListener("focusin", took);
      removeEventListener("focusout", left);
    };
  }, []);
}

const isLost = (element: Element | undefined) =>
  element !== undefined && (!element.isConnected || element.matches(":disabled"));

/** What holds all of the page is nowhere in it. */
const isRoot = (element: Element) => element.querySelector("#page") !== null;

/** No control: a key that is pressed once more would do something else there. The next `Tab` goes on from it. */
function focusOn(element: HTMLElement | null): void {
  if (!element) return;
  if (!element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}
