import { create } from "zustand";

/** Results that stand in for what steps would ask of the world, by `workflow/step`. */
export type Mocks = Readonly<Record<string, unknown>>;

const NONE: Mocks = {};
const placeOf = (projectId: string) => `conduet.mocks.${projectId}`;
const useKept = create<Readonly<Record<string, Mocks>>>(() => ({}));

/** What is pinned in this browser for tests of a project's draft. */
export function mocksOf(projectId: string): Mocks {
  const known = useKept.getState()[projectId];
  if (known) return known;
  const read = parsed(localStorage.getItem(placeOf(projectId)));
  useKept.setState({ [projectId]: read });
  return read;
}

function parsed(text: string | null): Mocks {
  try {
    return text ? (JSON.parse(text) as Mocks) : NONE;
  } catch {
    return NONE;
  }
}

export function useMocks(projectId: string): Mocks {
  return useKept(state => state[projectId]) ?? mocksOf(projectId);
}

/** Pins a result; `undefined` takes it away. */
export function pin(projectId: string, key: string, result: unknown): void {
  const { [key]: _, ...others } = mocksOf(projectId);
  const next = result === undefined ? others : { ...others, [key]: result };
  useKept.setState({ [projectId]: next });
  localStorage.setItem(placeOf(projectId), JSON.stringify(next));
}
