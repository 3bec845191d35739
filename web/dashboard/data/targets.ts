import { titleIn } from "./titles";

/** A target as people call it. */
export const targetName = (connector: string) => titleIn("targets", connector);
