import "./pulse.css";

const MARK = "data-pointed";

/** Lets a step pulse on the canvas, if there is one that shows it; `undefined`: none any more. */
export function pointAt(stepId: string | undefined): void {
  for (const each of document.querySelectorAll(`.react-flow__node[${MARK}]`)) each.removeAttribute(MARK);
  if (stepId === undefined) return;
  document.querySelector(`.react-flow__node[data-id="${CSS.escape(stepId)}"]`)?.setAttribute(MARK, "");
}
