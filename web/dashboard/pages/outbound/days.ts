/** A day of a calendar: `2026-11-26`, and whether it is of the month that is shown. */
export interface Day {
  readonly date: string;
  readonly inMonth: boolean;
}

const two = (number: number) => String(number).padStart(2, "0");

/** The month of a moment in this browser's time zone: `2026-11`. */
export const monthOf = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}`;

/** The day of a moment in this browser's time zone: `2026-11-26`. */
export const dayOf = (at: Date) => `${monthOf(at)}-${two(at.getDate())}`;

/** A moment as a field for date and time has it. */
export const localTime = (at: Date) => `${dayOf(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;

/** A month so many after another. */
export function monthAfter(month: string, many: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return monthOf(new Date(year, number - 1 + many, 1));
}

/** The weeks that a month touches, from Monday to Sunday. */
export function weeksOf(month: string): Day[][] {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const lead = (new Date(year, number - 1, 1).getDay() + 6) % 7;
  const days = new Date(year, number, 0).getDate();
  return Array.from({ length: Math.ceil((lead + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const date = dayOf(new Date(year, number - 1, 1 - lead + week * 7 + weekday));
      return { date, inMonth: date.startsWith(month) };
    }),
  );
}
