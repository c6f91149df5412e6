import packageJson from "../package.json" with { type: "json" };

/** The version of this program, which is that of the chart it comes with. */
export const { version } = packageJson;
