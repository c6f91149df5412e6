import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";
import { variablesOf } from "./tokens/css-variables.ts";
import { dark, light, type Palette } from "./tokens/palette.ts";
import { fonts, fontSizes, radii, space } from "./tokens/type-and-space.ts";

/** The colours that may be asked for by name: `color="red"` and so on. */
type Colour = "voice" | "clay" | "gray" | "dark" | "red" | "green" | "yellow";

const scale = (tones: string): MantineColorsTuple => tones.split(" ").map((tone) => `#${tone}`) as never;

const colors: Record<Colour, MantineColorsTuple> = {
  voice: scale("eef4fa dce8f3 b9d1e8 96bbdd 6fa1cf 4d87bd 376fa4 2a5b8c 1f4669 16334d"),
  clay: scale("fbf1ed f8e9e3 eabdac e0a088 cf7a5b c0653f ae5438 96452c 73331f 522314"),
  gray: scale("faf9f6 f5f3ee edeae2 dedad0 c4bfb2 a09a8c 868174 625d53 47433c 2b2925"),
  dark: scale("eceef3 c9cfda a9b1c0 7b8598 323a49 2a313e 1b202a 12151c 0e1117 0a0c11"),
  red: scale("fdf3f4 fae7e9 f3c6cc ee9dab e0687d cf4560 bb2f4b a8243e 9f1f38 661325"),
  green: scale("eff8f2 e2f2e7 bde1c9 93cba7 5fae7d 3c935d 2a7949 1b5e36 154a2a 0f351e"),
  yellow: scale("fef8e9 fbefd3 f4dba0 eac46a d9a63a bd8717 966806 6a4800 523800 3a2800"),
};

export const theme = createTheme({
  colors,
  primaryColor: "voice",
  primaryShade: 7,
  black: light.ink,
  fontFamily: fonts.text,
  fontFamilyMonospace: fonts.code,
  fontSizes,
  spacing: space,
  radius: radii,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: {
    fontWeight: "650",
    textWrap: "balance",
    sizes: {
      h1: { fontSize: "clamp(1.5rem, 1.25rem + 1.4vw, 2rem)", lineHeight: "1.2" },
      h2: { fontSize: "1.25rem", lineHeight: "1.3" },
      h3: { fontSize: "1.0625rem", lineHeight: "1.4" },
    },
  },
  components: {
    // Big enough for a thumb: 44 px, as WCAG 2.5.5 has it.
    Button: { defaultProps: { size: "md" }, vars: () => ({ root: { "--button-height": "2.75rem" } }) },
    TextInput: { defaultProps: { size: "md" } },
    Textarea: { defaultProps: { size: "md", autosize: true, minRows: 3 } },
    Select: { defaultProps: { size: "md" } },
    Paper: { defaultProps: { withBorder: true, p: "lg", radius: "lg" } },
    // It is made of a Paper, whose own padding and ground it does not want.
    Modal: {
      defaultProps: { radius: "lg", centered: true, padding: "lg" },
      styles: {
        header: { background: "var(--surface)", minHeight: 0, paddingBottom: "0.75rem" },
        title: { fontWeight: 650, fontSize: "1.125rem", lineHeight: 1.35 },
      },
    },
    ModalContent: { defaultProps: { p: 0 } },
    // A <header> of its own would stand beside the page's as a second banner.
    ModalHeader: { defaultProps: { role: "none" } },
    Anchor: { defaultProps: { underline: "always" } },
  },
});

type Voice = { ink: string; tint: string; filled: string; pressed: string };

const voices = (p: Palette): Record<Exclude<Colour, "dark">, Voice> => ({
  voice: { ink: p.accent, tint: p.accentTint, filled: p.accentFilled, pressed: p.accentPressed },
  clay: { ink: p.clay, tint: p.clayTint, filled: light.clay, pressed: "#73331f" },
  gray: { ink: p.ink, tint: p.sunken, filled: "#47433c", pressed: "#625d53" },
  red: { ink: p.bad, tint: p.badTint, filled: p.badFilled, pressed: "#8a1b31" },
  green: { ink: p.good, tint: p.goodTint, filled: light.good, pressed: "#154a2a" },
  yellow: { ink: p.warn, tint: p.warnTint, filled: light.warn, pressed: "#523800" },
});

const mantineVariablesOf = (palette: Palette): Record<string, string> => {
  const named = Object.entries(voices(palette)).flatMap(([name, { ink, tint, filled, pressed }]) => [
    [`--mantine-color-${name}-text`, ink],
    [`--mantine-color-${name}-filled`, filled],
    [`--mantine-color-${name}-filled-hover`, pressed],
    [`--mantine-color-${name}-light`, tint],
    [`--mantine-color-${name}-light-hover`, `color-mix(in srgb, ${tint}, ${ink} 8%)`],
    [`--mantine-color-${name}-light-color`, ink],
    [`--mantine-color-${name}-outline`, ink],
    [`--mantine-color-${name}-outline-hover`, tint],
  ]);
  return {
    ...variablesOf(palette),
    ...(Object.fromEntries(named) as Record<string, string>),
    "--mantine-color-body": palette.ground,
    "--mantine-color-text": palette.ink,
    "--mantine-color-bright": palette.ink,
    "--mantine-color-dimmed": palette.soft,
    "--mantine-color-placeholder": palette.soft,
    "--mantine-color-anchor": palette.accent,
    "--mantine-color-error": palette.bad,
    "--mantine-color-success": palette.good,
    "--mantine-color-default": palette.surface,
    "--mantine-color-default-hover": palette.sunken,
    "--mantine-color-default-color": palette.ink,
    "--mantine-color-default-border": palette.line,
    "--mantine-color-disabled": palette.sunken,
    "--mantine-color-disabled-color": palette.soft,
    "--mantine-color-disabled-border": palette.line,
    "--mantine-primary-color-contrast": palette.onAccent,
  };
};

/** Puts our palette in the place of Mantine's, whose contrast does not do. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: mantineVariablesOf(light),
  dark: mantineVariablesOf(dark),
});
