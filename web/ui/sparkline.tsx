/** How a number went; the words beside it say the sum. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...values);
  const width = 64;
  const step = width / Math.max(1, values.length);
  return (
    <svg viewBox={`0 0 ${width} 20`} className="h-5 w-16 shrink-0 text-accent" role="img" aria-label={label}>
      <title>{label}</title>
      {values.map((value, index) => {
        const height = value === 0 ? 1 : Math.max(2, (value / most) * 20);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a day has no other name here
            key={index}
            x={index * step}
            y={20 - height}
            width={step - 2}
            height={height}
            rx="1"
            fill="currentColor"
            opacity={value === 0 ? 0.35 : 1}
          />
        );
      })}
    </svg>
  );
}
