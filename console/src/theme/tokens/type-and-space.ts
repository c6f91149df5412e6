/** Type and space, in rem where people's own settings should widen them. */
export const fonts = {
  text: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  code: 'ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace',
} as const;

export const fontSizes = { xs: "0.8125rem", sm: "0.9375rem", md: "1rem", lg: "1.125rem", xl: "1.3125rem" } as const;

export const space = { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.5rem", xl: "2.5rem" } as const;

export const radii = { xs: "0.25rem", sm: "0.375rem", md: "0.625rem", lg: "1rem", xl: "1.5rem" } as const;
